import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, mergeConfig } from 'vite'
import type { Playback } from '../../expert-ui/playback/playback.ts'
import shipped from '../../expert-ui/vite.config.ts'
import { openForReading } from '../../recorder/disk.ts'
import { scanFrames } from '../../recorder/disk-frames.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import { cachedBuild } from '../fixtures/cached-build.ts'
import { workVault } from '../fixtures/work-recording.ts'
import type { TestPage } from './browser.ts'
import { CSP, contentType } from './page-server.ts'

declare global {
  var lotsePlayback: { readonly playback: Playback | null; accessibilityFaults(): string[] }
}

const SOURCES = ['expert-ui', 'protocol', 'peer', 'i18n', 'test/expert-ui/player-page']
/** Small, so that there are several also of a small recording. */
const CHUNK_BYTES = 200 * 1024

/** What the server hands out of one recording. */
export interface Sealed {
  readonly wraps: Uint8Array
  readonly entries: readonly Uint8Array[]
}

export async function sealedOf(recording: { vault: string; sessionId: string }): Promise<Sealed> {
  const paths = recordingPaths(recording.vault, recording.sessionId)
  const file = (await openForReading(paths.entries))!
  const entries: Uint8Array[] = []
  for await (const scanned of scanFrames(file))
    entries.push(scanned.t === 'entry' ? scanned.bytes : new Uint8Array())
  await file.close()
  return { wraps: await workVault(recording.vault).wraps.open(recording.sessionId), entries }
}

export function buildPlayerPage(): Promise<string> {
  return cachedBuild('player-test-page', SOURCES, (outDir) =>
    build(
      mergeConfig(shipped, {
        configFile: false,
        logLevel: 'error',
        root: fileURLToPath(new URL('./player-page', import.meta.url)),
        publicDir: fileURLToPath(new URL('../../expert-ui/public', import.meta.url)),
        build: { outDir },
      }),
    ),
  )
}

export interface PlayerServer {
  readonly origin: string
  sealed: Sealed
  /** Answers with this instead of entries from here on. */
  refusal: { readonly from: number; readonly status: number } | null
  readonly requests: string[]
  close(): Promise<void>
}

/** The page and the two routes it reads a recording by. */
export async function servePlayer(folder: string, sealed: Sealed): Promise<PlayerServer> {
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://page')
    server.requests.push(`${request.method} ${url.pathname}`)
    response.setHeader('content-security-policy', CSP)
    if (url.pathname.endsWith('/wraps')) response.end(server.sealed.wraps)
    else if (url.pathname.endsWith('/entries')) entries(Number(url.searchParams.get('from')), response)
    else void page(url.pathname, response)
  })
  const server: PlayerServer = {
    origin: '',
    sealed,
    refusal: null,
    requests: [],
    close: () => new Promise((resolve) => http.close(() => resolve())),
  }

  function entries(from: number, response: ServerResponse): void {
    const { refusal } = server
    if (refusal && from >= refusal.from) {
      response.writeHead(refusal.status).end()
      return
    }
    const parts: Uint8Array[] = []
    let bytes = 0
    let next = from
    for (; next < server.sealed.entries.length && bytes < CHUNK_BYTES; next++) {
      const entry = server.sealed.entries[next]!
      const length = Buffer.alloc(4)
      length.writeUInt32BE(entry.length)
      parts.push(length, entry)
      bytes += entry.length
    }
    if (next < server.sealed.entries.length) response.setHeader('x-next', next)
    response.end(Buffer.concat(parts))
  }

  async function page(path: string, response: ServerResponse): Promise<void> {
    try {
      const file = join(folder, normalize(path === '/' ? '/index.html' : path))
      const content = await readFile(file)
      response.setHeader('content-type', contentType(file))
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return Object.assign(server, { origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}` })
}

/** Pastes a key as a person would. */
export async function bringKey(page: TestPage, key: string): Promise<void> {
  await page.at('key-text').fill(key)
  await page.at('key-text').press('Enter')
}

export async function openWithKeys(page: TestPage, keys: readonly string[]): Promise<void> {
  await page.phase('keys')
  for (const [number, key] of keys.entries()) {
    await bringKey(page, key)
    // With the last one the player opens, and the slots are gone.
    if (number < keys.length - 1) await page.page.locator('[data-here="true"]').nth(number).waitFor()
  }
  await page.phase('player')
}

/** Resolves once all of the recording was read. */
export async function readWhole(page: TestPage): Promise<void> {
  await page.page.waitForFunction(() => globalThis.lotsePlayback.playback?.reading.at === 'done')
}

/** Shows the screen after `entry` and resolves with the SHA-256 of its RGBA bytes and its size. */
export async function digestAfter(page: TestPage, entry: number) {
  await page.page.evaluate((wanted) => globalThis.lotsePlayback.playback!.show(wanted), entry)
  await page.page.waitForFunction(
    (wanted) => globalThis.lotsePlayback.playback!.shown?.entry === wanted,
    entry,
  )
  return page.page.evaluate(async () => {
    const playback = globalThis.lotsePlayback.playback!
    const { width, height, rgba } = await playback.readPixels()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', rgba))
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return { width, height, sha256, decoded: playback.shown!.decoded }
  })
}
