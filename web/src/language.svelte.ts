/** The language of every text on the page. Changing it redraws the texts and touches nothing that was typed. */
import type { Language } from '@huisclos/tmms/contract/accounts'
import { overwriteGetLocale } from './paraglide/runtime.js'

const KEY = 'huisclos.language'

/** Each named in itself. */
export const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'fr', label: 'Français' },
]

export class Texts {
  #language: Language = $state.raw('en')

  constructor(preferred: readonly string[], stored: string | null) {
    this.#language = chooseLanguage(preferred, stored)
    // Every message reads the locale through this signal, so texts in markup follow it.
    overwriteGetLocale(() => this.#language)
    document.documentElement.lang = this.#language
  }

  static ofBrowser(): Texts {
    return new Texts(navigator.languages, readStored())
  }

  get language(): Language {
    return this.#language
  }

  choose(language: Language): void {
    this.#language = language
    document.documentElement.lang = language
    try {
      localStorage.setItem(KEY, language)
    } catch {
      // A browser that forbids storage still shows the chosen language until the page is closed.
    }
  }
}

/** The stored choice, else the first language of the browser that exists here, else English. */
function chooseLanguage(preferred: readonly string[], stored: string | null): Language {
  if (stored === 'en' || stored === 'fr') return stored
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0]
    if (primary === 'en' || primary === 'fr') return primary
  }
  return 'en'
}

function readStored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
