/** The TLS certificate in use: read, looked at by its dates and names, read again on request, and watched day by day. */
import { guarded } from '@huisclos/sfu/guarded'
import type { Logger } from 'pino'
import { readTls, type TlsFiles, type TlsPaths } from './tls-files.ts'

const DAY_MS = 86_400_000
const WARN_MS = 14 * DAY_MS
/** A certificate that is made for a week is not late on its first day. */
const WARN_SHARE = 1 / 3

export interface CertificateWatchOptions extends TlsPaths {
  /** `https://host[:port]` as people type it. */
  readonly origin: string
  readonly logger: Logger
  readonly now?: () => number
}

export class CertificateWatch {
  readonly #options: CertificateWatchOptions
  readonly #timer: NodeJS.Timeout
  #tls: TlsFiles

  /** Warns of a certificate that browsers refuse. @throws {TlsFileError} when the files cannot be used at all. */
  constructor(options: CertificateWatchOptions) {
    this.#options = options
    this.#tls = readTls(options)
    this.check()
    const fault = (error: unknown) =>
      options.logger.error({ err: error }, 'certificate not checked')
    this.#timer = setInterval(
      guarded(() => this.check(), fault),
      DAY_MS,
    ).unref()
  }

  get tls(): TlsFiles {
    return this.#tls
  }

  /** When the one in use ends, and the whole days until then; below 0 afterwards. */
  end(): { readonly endsAt: string; readonly daysLeft: number } {
    const { validToDate } = this.#tls.certificate
    const daysLeft = Math.floor((validToDate.getTime() - this.#nowMs()) / DAY_MS)
    return { endsAt: validToDate.toISOString(), daysLeft }
  }

  /** One sentence in the log, if there is anything to say of the certificate in use. */
  check(): void {
    const sentence = this.#faultOf(this.#tls) ?? this.#endOf(this.#tls)
    if (sentence !== null) this.#options.logger.warn(sentence)
  }

  /**
   * Reads the files again.
   * @param replace puts the new pair to use; it is not called when they are broken, or browsers would refuse them
   */
  reload(replace: (tls: TlsFiles) => void): void {
    const { logger } = this.#options
    try {
      const tls = readTls(this.#options)
      const fault = this.#faultOf(tls)
      if (fault !== null) {
        logger.error(`${fault} The certificate in use stays.`)
        return
      }
      replace(tls)
      this.#tls = tls
      logger.info('The TLS certificate was read again.')
      this.check()
    } catch (error) {
      logger.error(`${(error as Error).message} The certificate in use stays.`)
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Why browsers refuse it, or null. */
  #faultOf({ certificate }: TlsFiles): string | null {
    const { hostname } = new URL(this.#options.origin)
    const { validFromDate, validToDate, subjectAltName = 'no name' } = certificate
    if (this.#nowMs() > validToDate.getTime()) {
      return `${this.#name()} ended on ${day(validToDate)}: browsers refuse it. Renew it, and send SIGHUP to the server.`
    }
    if (this.#nowMs() < validFromDate.getTime()) {
      return `${this.#name()} begins on ${day(validFromDate)}: browsers refuse it until then. Set the clock of this machine, or use another certificate.`
    }
    // Browsers look at alternative names only.
    if (certificate.checkHost(hostname, { subject: 'never' }) !== undefined) return null
    return `${this.#name()} is not for ${hostname} (HC_ORIGIN) but for ${subjectAltName}: browsers refuse it. Use one for ${hostname}.`
  }

  #endOf({ certificate }: TlsFiles): string | null {
    const { validFromDate, validToDate } = certificate
    const leftMs = validToDate.getTime() - this.#nowMs()
    const lifeMs = validToDate.getTime() - validFromDate.getTime()
    if (leftMs >= Math.min(WARN_MS, lifeMs * WARN_SHARE)) return null
    return `${this.#name()} ends on ${day(validToDate)}, days left: ${Math.floor(leftMs / DAY_MS)}. Renew it, and send SIGHUP to the server.`
  }

  #name(): string {
    return `The TLS certificate file ${this.#options.tlsCertFile} (HC_TLS_CERT)`
  }

  #nowMs(): number {
    return (this.#options.now ?? Date.now)()
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
