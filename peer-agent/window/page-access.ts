import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Who may see the page: the one browser that was handed the ticket. Every user of this computer can reach the port,
 * and every web page open in any browser can try to, so nothing is answered without the key [L3].
 *
 * The ticket comes in the first URL and works once; it is changed for the key, which lives in a cookie no script
 * can read. A cookie knows no ports: where the page is a tab of the customer's everyday browser, another server on
 * 127.0.0.1 that this browser visits would be sent it too. A browser started for this window visits none.
 */
export class PageAccess {
  readonly #host: string
  readonly #key = token()
  #ticket: string | null = null

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`
  }

  get origin(): string {
    return `http://${this.#host}`
  }

  /** A new ticket; the one before it is worth nothing any more. */
  issueTicket(): string {
    this.#ticket = token()
    return this.#ticket
  }

  /** Takes the ticket for the cookie that is to be set; null where it is wrong or was used. */
  redeem(ticket: string): string | null {
    if (this.#ticket === null || !equal(ticket, this.#ticket)) return null
    this.#ticket = null
    return `${COOKIE}=${this.#key}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** False for a name that only points here, as in DNS rebinding. */
  isRightHost(headers: IncomingHttpHeaders): boolean {
    return headers.host === this.#host
  }

  isRightOrigin(headers: IncomingHttpHeaders): boolean {
    return headers.origin === this.origin
  }

  hasKey(headers: IncomingHttpHeaders): boolean {
    return (headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .some(([name, value]) => name === COOKIE && equal(value ?? '', this.#key))
  }
}

const COOKIE = 'lotse-window'
const TOKEN_BYTES = 16

function token(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

function equal(given: string, wanted: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && timingSafeEqual(a, b)
}
