import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

/** The policy the service sends with every page. */
export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self'"

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export function contentType(file: string): string {
  return TYPES[extname(file)] ?? 'application/octet-stream'
}

export interface PageServer {
  readonly origin: string
  /** What `/api/me` answers once somebody is logged in. */
  account: Record<string, unknown>
  loggedIn: boolean
  /** Answers of `/api/login` before one is let in. */
  refusals: { status: number; body: Record<string, unknown> }[]
  /** Everything that was asked of it, as `GET /path`. */
  readonly requests: string[]
  close(): Promise<void>
}

/** A service reduced to what the page asks of it by HTTP. */
export async function servePage(folder: string): Promise<PageServer> {
  const server = createServer((request, response) => void answer(request, response))
  const page: PageServer = {
    origin: '',
    account: {
      id: 'anna',
      name: 'Anna Berg',
      team: 'Hotline Nord',
      role: 'expert',
      canStart: true,
      whyNot: null,
      retentionDays: 90,
    },
    loggedIn: true,
    refusals: [],
    requests: [],
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    page.requests.push(`${request.method} ${path}`)
    response.setHeader('content-security-policy', CSP)
    if (path.startsWith('/api/')) return api(path, response)
    try {
      const file = join(folder, normalize(path === '/' ? '/index.html' : path))
      const content = await readFile(file)
      response.setHeader('content-type', contentType(file))
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  }

  function api(path: string, response: ServerResponse): void {
    const json = (status: number, body: Record<string, unknown>) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (path === '/api/login') {
      const refusal = page.refusals.shift()
      if (refusal) {
        json(refusal.status, refusal.body)
        return
      }
      page.loggedIn = true
    }
    if (path === '/api/logout') page.loggedIn = false
    if (path === '/api/me' && !page.loggedIn) json(401, { t: 'refused', code: 'not-logged-in' })
    else json(200, path === '/api/me' ? page.account : {})
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  Object.assign(page, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  return page
}
