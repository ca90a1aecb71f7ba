/** Composition root of the web client: makes the state that lives as long as the page, and shows the application. */
import { mount } from 'svelte'
import { Session } from './account/session.svelte.ts'
import App from './App.svelte'
import { Texts } from './language.svelte.ts'
import { Router } from './router.svelte.ts'
import './style/tokens.css'
import './style/base.css'

const texts = Texts.ofBrowser()
const router = new Router()
router.open()
const session = new Session()
void session.load()

const target = document.getElementById('app')
if (target !== null) mount(App, { target, props: { session, router, texts } })
