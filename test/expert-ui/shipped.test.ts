import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { build, mergeConfig } from 'vite'
import shipped from '../../expert-ui/vite.config.ts'
import { launch, TestPage } from './browser.ts'
import { servePage } from './page-server.ts'

const folder = await mkdtemp(join(tmpdir(), 'lotse-expert-ui-'))
await build(mergeConfig(shipped, { configFile: false, logLevel: 'error', build: { outDir: folder } }))
t.teardown(() => rm(folder, { recursive: true, force: true }))

t.test('the page that ships holds nothing inline, nothing foreign and nothing of the tests', async (t) => {
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  t.notMatch(html, /<script(?![^>]*\bsrc=)/)
  t.notMatch(html, /<style|\sstyle=|\son\w+=/)
  for (const [, url] of html.matchAll(/(?:src|href)="([^"]*)"/g)) t.match(url, /^\//, `${url} is our own`)
  const files = await readdir(join(folder, 'assets'))
  for (const file of files) t.match(file, /-[\w-]{8}\.\w+$/, `${file} carries its hash`)
  for (const file of files.filter((name) => /\.(js|css)$/.test(name))) {
    const text = await readFile(join(folder, 'assets', file), 'utf8')
    t.notMatch(text, 'fakeSession', `${file} has no test in it`)
    if (file.endsWith('.css')) t.notMatch(text, /url\((?!['"]?\/assets\/)/, `${file} loads only from here`)
  }
})

t.test('it runs under the policy: log-in, desk, and the way out to the service', async (t) => {
  const server = await servePage(folder)
  server.loggedIn = false
  const browser = await launch()
  t.teardown(async () => {
    await browser.close()
    await server.close()
  })
  const page = await TestPage.open(browser, server.origin, { locale: 'de-DE' })
  const foreign: string[] = []
  page.page.on('request', (request) => {
    if (!request.url().startsWith(server.origin)) foreign.push(request.url())
  })
  await page.phase('login')
  await page.at('login-name').fill('anna')
  await page.at('login-password').fill('richtig')
  await page.at('login-submit').click()
  await page.phase('idle')
  t.equal(await page.page.evaluate(() => document.fonts.check('16px "Inter Variable"')), true)
  const asked = page.page.waitForEvent('websocket')
  await page.at('new-session').click()
  t.match((await asked).url(), /^ws:\/\/127\.0\.0\.1:\d+\/ws\/expert$/)
  t.same(await page.violations(), [])
  t.same(foreign, [])
})
