import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Decrypter } from 'age-encryption'
import type { CDPSession, Page } from 'playwright-core'
import t from 'tap'
import { build } from 'vite'
import { openIdentityFile, protectionOf } from '../../../peer/recording/identity-file.ts'
import { makeSessionKey, openSessionKey } from '../../../peer/recording/session-key.ts'
import { launch } from '../../expert-ui/browser.ts'
import { cachedBuild } from '../../fixtures/cached-build.ts'
import { makeKey } from '../../fixtures/recording.ts'

/** Answered by the browser itself; passkeys need a secure context with a host name, and localhost is one. */
const ADDRESS = 'http://localhost/auditor'

const browser = await launch()
t.teardown(() => browser.close())
const page = await browser.newPage()
const device = await openPage(page)

// The device made up by Chromium has room for three.
t.beforeEach(() => device.session.send('WebAuthn.clearCredentials', device.authenticator))

const sealed = async (text: string) =>
  page.evaluate((given) => passkeys.sealWithPasskey(given, 'Erika Muster, Lotse'), text)
/** The key, or the name and words of what was thrown. */
const opened = async (text: string) =>
  page.evaluate(
    (given) => passkeys.openWithPasskey(given).catch((error) => `${error.name}: ${error.message}`),
    text,
  )

t.test('[R4] a passkey protects the file; recordings are sealed to the plain key in it', async (t) => {
  const [a, b] = await Promise.all([makeKey('Erika Muster'), makeKey('Jörg Groß')])
  const file = await sealed(`# label: Erika Muster\n# recipient: ${a.key.recipient}\n${a.identity}\n`)
  t.equal(protectionOf(file), 'passkey')
  t.notMatch(Buffer.from(file.split('\n').slice(2, -2).join(''), 'base64').toString('latin1'), /AGE-SECRET/)
  t.equal(await opened(file), a.identity)
  const { key, wraps } = await makeSessionKey({ groupA: [a.key], groupB: [b.key] })
  t.same(await openSessionKey(wraps, [await opened(file), b.identity]), key)
  await t.rejects(openIdentityFile(file, 'any passphrase at all'), /not protected by a passphrase/)
  await t.rejects(new Decrypter().decrypt(Buffer.from(file)), 'and nothing but the passkey opens it')
})

t.test('what is no such file is refused before the person is asked', async (t) => {
  const { identity } = await makeKey('x')
  t.match(await opened(`${identity}\n`), /not protected by a passkey/)
  const file = await sealed(`${identity}\n`)
  const lines = file.split('\n')
  t.match(await opened(lines.toSpliced(-4, 1).join('\n')), /is damaged|no passkey/)
  await t.rejects(sealed('no key'), /does not begin with AGE-SECRET-KEY-1/)
})

t.test('[R4] of several passkeys the file’s own opens it, and without that nothing does', async (t) => {
  const [one, other] = await Promise.all([makeKey('x'), makeKey('y')])
  const file = await sealed(`${one.identity}\n`)
  t.equal(await opened(await sealed(`${other.identity}\n`)), other.identity)
  t.equal(await opened(file), one.identity)
  await device.session.send('WebAuthn.clearCredentials', device.authenticator)
  t.match(await opened(file), /^PasskeyRefused: no passkey of this device/)
})

t.test('[R4] without the person’s finger or PIN the passkey opens nothing', async (t) => {
  const file = await sealed(`${(await makeKey('x')).identity}\n`)
  await device.session.send('WebAuthn.setUserVerified', { ...device.authenticator, isUserVerified: false })
  t.match(await opened(file), /^PasskeyRefused/)
})

interface Device {
  readonly session: CDPSession
  readonly authenticator: { readonly authenticatorId: string }
}

/** A device with a passkey store, as a laptop with a fingerprint reader has, and the page that uses it. */
async function openPage(page: Page): Promise<Device> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const authenticator = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const script = await pageScript()
  await page.route(ADDRESS, async (route) =>
    route.fulfill({ contentType: 'text/html', body: `<script type="module">${script}</script>` }),
  )
  await page.goto(ADDRESS)
  await page.waitForFunction(() => 'passkeys' in globalThis)
  return { session, authenticator }
}

async function pageScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./passkey-page.ts', import.meta.url))
  const folder = await cachedBuild('passkey-page', ['peer', 'protocol', 'test/peer/recording'], (outDir) =>
    build({
      configFile: false,
      logLevel: 'error',
      build: { outDir, lib: { entry, formats: ['es'], fileName: () => 'passkey-page.js' } },
    }),
  )
  return readFile(join(folder, 'passkey-page.js'), 'utf8')
}
