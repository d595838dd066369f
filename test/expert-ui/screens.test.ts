import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Watching } from '../../expert-ui/session/view.ts'
import { launch, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import { encodeCursor, encodeUpdate } from './reference-encoder.ts'
import { desktopTiles, drawDesktop, ONE_MONITOR, TWO_MONITORS } from './sample-desktop.ts'
import { STEERING, WATCHING, YIELDING } from './sample-watching.ts'

/** `SCREENS=all` draws every page in every look; otherwise each look is drawn once. */
const LOOKS = [
  { locale: 'de-DE', colorScheme: 'light', viewport: { width: 1366, height: 768 } },
  { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1920, height: 1080 } },
  ...(process.env.SCREENS === 'all'
    ? ([
        { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1366, height: 768 } },
        { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 1366, height: 768 } },
        { locale: 'de-DE', colorScheme: 'light', viewport: { width: 1920, height: 1080 } },
        { locale: 'de-DE', colorScheme: 'light', viewport: { width: 1366, height: 640 } },
        { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 3840, height: 2160 } },
      ] as const)
    : []),
] as const

const NUMBER = '472 918 305 6'
const watching = (part: Partial<Watching> = {}): Watching => ({
  ...WATCHING,
  sinceMs: Date.now() - 754_000,
  ...part,
})

const layouts = { one: ONE_MONITOR, two: TWO_MONITORS }
const frames = Object.fromEntries(
  await Promise.all(
    Object.entries(layouts).map(async ([name, layout]) => {
      const screen = await drawDesktop(layout)
      return [name, encodeUpdate(1, desktopTiles(screen, layout), layout)] as const
    }),
  ),
)
const arrow = encodeCursor({ width: 12, height: 19, hotX: 0, hotY: 0 }, arrowPixels())

function arrowPixels(): Uint8Array {
  const rgba = new Uint8Array(12 * 19 * 4)
  for (let y = 0; y < 17; y++) {
    const right = Math.min(y, 11)
    for (let x = 0; x <= right; x++) {
      const edge = x === 0 || x === right || y === 16
      rgba.set(edge ? [255, 255, 255, 255] : [0, 0, 0, 255], (y * 12 + x) * 4)
    }
  }
  return rgba
}

async function watch(page: TestPage, part: Partial<Watching> = {}, screen: 'one' | 'two' = 'one') {
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(watching(part))
  await page.phase('watching')
  await page.picture(frames[screen]!)
  await page.picture(arrow)
  await page.page.evaluate(() => globalThis.fakeSession.pointer(1010, 560))
}

async function talk(page: TestPage) {
  const atMs = Date.now() - 240_000
  const lines = [
    ['customer', 'Guten Tag! Der Drucker sagt „nicht erreichbar“.'],
    ['expert', 'Guten Tag, ich sehe es gerade. Bitte öffnen Sie einmal die Einstellungen.'],
    ['customer', 'So?'],
    ['customer', '<script>alert("nein")</script> 👍 Grüße aus Köln\nund eine zweite Zeile'],
    ['expert', 'Ja, genau. Jetzt auf „Drucker“.'],
  ] as const
  for (const [index, [from, text]] of lines.entries()) {
    await page.say({ id: `line-${index}`, from, text, atMs: atMs + index * 31_000, delivered: index < 4 })
  }
}

const VIEWS: Record<string, (page: TestPage) => Promise<unknown>> = {
  desk: (page) => page.show({ phase: 'idle' }),
  'desk-problem': (page) => page.show({ phase: 'idle', problem: 'service-full' }),
  opening: (page) => page.show({ phase: 'opening' }),
  waiting: (page) => page.show({ phase: 'waiting', number: NUMBER, expiresAtMs: Date.now() + 524_400 }),
  'waiting-long': (page) =>
    page.show({ phase: 'waiting', number: '472 918 305 612', expiresAtMs: Date.now() + 41_400 }),
  proving: (page) => page.show({ phase: 'proving' }),
  deciding: (page) => page.show({ phase: 'deciding' }),
  connecting: (page) => page.show({ phase: 'connecting', waitingForRecorder: true }),
  'watching-first': (page) => page.show(watching()),
  'watching-live': async (page) => {
    await watch(page)
    await talk(page)
  },
  'watching-two-monitors': (page) => watch(page, {}, 'two'),
  'watching-one-of-two': async (page) => {
    await watch(page, {}, 'two')
    await page.at('monitor-2').click()
  },
  'watching-actual': async (page) => {
    await watch(page, {}, 'two')
    await page.at('zoom-actual').click()
  },
  'control-typing': async (page) => {
    await watch(page, STEERING)
    await talk(page)
    await page.at('picture-canvas').click({ position: { x: 300, y: 300 } })
  },
  'control-yielding': (page) => watch(page, YIELDING),
  'control-question': (page) => watch(page, { ...YIELDING, because: 'question', question: 'go-on' }),
  'control-frozen': (page) =>
    watch(page, { ...YIELDING, because: 'picture', picture: { state: 'frozen', reason: 'recorder-silent' } }),
  'control-special-keys': async (page) => {
    await watch(page, STEERING)
    await page.at('special-keys').click()
  },
  'control-special-keys-less': async (page) => {
    await watch(page, { ...YIELDING, ctrlAltDel: false })
    await page.at('special-keys').click()
  },
  'control-clipboard': async (page) => {
    await watch(page, STEERING)
    await page.at('clipboard-menu').click()
  },
  'control-toasts': async (page) => {
    await watch(page, STEERING)
    const text = 'HP LaserJet M209dw\n192.168.178.23\nTreiber vom 4. November 2023, bitte neu installieren'
    await page.notice({ t: 'shielded' })
    await page.notice({ t: 'clipboard-given', text })
  },
  'control-refused': async (page) => {
    await watch(page, { ...STEERING, clipboard: false })
    await page.notice({ t: 'clipboard-refused', reason: 'declined' })
  },
  'watching-asked': (page) => watch(page, { question: 'control', askable: [] }),
  'watching-frozen': async (page) => {
    await watch(page, { picture: { state: 'frozen', reason: 'recorder-silent' } })
    await talk(page)
  },
  'watching-lost': (page) => watch(page, { line: 'lost' }),
  'watching-card': (page) => watch(page, { picture: { state: 'card', reason: 'hidden' } }),
  'watching-no-chat': async (page) => {
    await watch(page)
    await page.at('chat-toggle').click()
    await talk(page)
  },
  'watching-end': async (page) => {
    await watch(page)
    await page.at('end').click()
  },
  'watching-keys': async (page) => {
    await watch(page, {}, 'two')
    await page.at('keys').click()
  },
  'ended-session': async (page) => {
    await watch(page)
    await page.show({ phase: 'ended', reason: 'customer-ended', by: 'customer' })
  },
  'ended-nothing': async (page) => {
    await page.show({ phase: 'proving' })
    await page.show({ phase: 'ended', reason: 'wrong-number', by: 'customer' })
  },
}

const built = await buildTestPage()
const server = await servePage(built.folder)
const browser = await launch()
const shots = await mkdtemp(join(tmpdir(), 'lotse-screens-'))
t.comment(`screenshots: ${shots}`)
t.teardown(async () => {
  await browser.close()
  await server.close()
})

for (const look of LOOKS) {
  const { locale, colorScheme, viewport } = look
  const name = `${locale.slice(0, 2)}-${colorScheme}-${viewport.width}x${viewport.height}`
  t.test(`every page in ${name}`, async (t) => {
    server.loggedIn = false
    const page = await TestPage.open(browser, server.origin, { ...look, reducedMotion: 'reduce' })
    t.teardown(() => page.close())
    const keep = async (what: string) => {
      await page.page.evaluate(() => document.fonts.ready)
      await page.page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      )
      await page.page.screenshot({ path: join(shots, `${what}-${name}.png`) })
      const overflow = await page.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      t.ok(overflow <= 0, `${what} fits the width`)
    }

    await page.phase('login')
    await keep('login')
    await page.at('login-name').fill('anna')
    await page.at('login-password').fill('geheim')
    server.refusals = [{ status: 429, body: { t: 'refused', code: 'slow-down', retryAfterSeconds: 42 } }]
    await page.at('login-submit').click()
    await page.at('problem').waitFor()
    await keep('login-problem')
    server.loggedIn = true
    await page.page.reload()
    await page.phase('idle')

    for (const [what, draw] of Object.entries(VIEWS)) {
      await page.show({ phase: 'idle' })
      await page.phase('idle')
      await page.page.evaluate(() => {
        globalThis.fakeSession.chat = []
      })
      await draw(page)
      await keep(what)
    }
    server.account = { ...server.account, canStart: false, whyNot: 'no-recording-keys' }
    await page.page.reload()
    await page.at('problem').waitFor()
    await keep('desk-blocked')
    server.account = { ...server.account, canStart: true, whyNot: null }

    t.same(await page.violations(), [], 'nothing against the policy')
    // The browser reports every refused request by itself; these two were meant.
    t.same(
      page.troubles.filter((trouble) => !/status of (401|429)/.test(trouble)),
      [],
      'nothing on the console',
    )
  })
}
