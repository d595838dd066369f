import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Language } from '../../i18n/translator.ts'
import type { BuiltPage } from './built-page.ts'
import type { PageAccess } from './page-access.ts'
import type { OfferedFile } from './view.ts'
import { OFFERED } from './wire-codes.ts'

/** Answers the page's HTTP requests: the entrance with the ticket, then the page's files for whoever has the key. */
export function pageRequests(
  access: PageAccess,
  page: BuiltPage,
  language: Language,
  offered: () => OfferedFile | null,
): RequestListener {
  const headers = securityHeaders(access.origin)
  return (request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    // Nothing is ever read from a request's body.
    request.resume()
    if (!access.isRightHost(request.headers)) return refuse(response, 421)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
    const [path = '/', query] = (request.url ?? '/').split('?')
    if (path === ENTRANCE) return enter(access, new URLSearchParams(query).get('ticket') ?? '', response)
    if (!access.hasKey(request.headers)) return refuse(response, 403)
    if (path === '/alive') return refuse(response, 204)
    const toSave = path === OFFERED ? offered() : null
    if (toSave) return save(toSave, request, response)
    const file = page.get(path === '/' ? '/index.html' : path)
    if (!file) return refuse(response, 404)
    const body =
      file === page.get('/index.html')
        ? Buffer.from(file.body.toString().replace('lang="en"', `lang="${language}"`))
        : file.body
    response.writeHead(200, { 'content-type': file.type, 'content-length': body.length })
    response.end(isHead(request) ? undefined : body)
  }
}

/** Where the ticket is taken. */
export const ENTRANCE = '/enter'

function isHead(request: IncomingMessage): boolean {
  return request.method === 'HEAD'
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}

/** To be saved, never shown in the window: it is no page of ours, and the window must not leave its own. */
function save(file: OfferedFile, request: IncomingMessage, response: ServerResponse): void {
  const body = Buffer.from(file.text)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    'content-disposition': `attachment; filename="${file.name.replace(/[^\w.-]/g, '_')}"`,
  })
  response.end(isHead(request) ? undefined : body)
}

/**
 * A page that moves on by itself rather than a redirect: a Strict cookie is not sent along a chain that began at
 * another site, and the file that holds the ticket is another site. The move replaces the ticket in the history.
 */
function enter(access: PageAccess, ticket: string, response: ServerResponse): void {
  const cookie = access.redeem(ticket)
  if (cookie === null) refuse(response, 403)
  else {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': cookie })
    response.end(movingPage('/'))
  }
}

/** A page whose only content is where to go next. */
export function movingPage(url: string): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${url}">
<title>Lotse</title>
</head>
</html>
`
}

function securityHeaders(origin: string): [string, string][] {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${origin.replace('http', 'ws')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return [
    ['content-security-policy', policy.join('; ')],
    ['cache-control', 'no-store'],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
  ]
}
