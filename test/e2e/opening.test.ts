import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { NOTES } from '../../deploy/stage/display.ts'
import { waitForSamePixels } from '../../deploy/stage/same-pixels.ts'
import { operate } from '../../deploy/stage/service.ts'
import { openScene } from '../../deploy/stage/session.ts'
import { readIdentityFile } from '../../peer/recording/identity-file.ts'
import { readConfig } from '../../signaling/config.ts'
import { auditEvents } from '../signaling/audit-lines.ts'

const LINE = 'Die Rechnung liegt jetzt auf dem Schreibtisch.'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert, service, browser } = scene
const { dataFolder, origin } = service
const env = { LOTSE_DATA: dataFolder, LOTSE_ORIGIN: origin }

/** An auditor with a new account, at a browser of their own. */
async function auditor(name: string): Promise<Page> {
  const added = await operate(['add-auditor', name], env)
  const password = /password[^:]*:\s*(\S+)/.exec(added)![1]!
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(origin)
  await at(page, 'login-name').fill(name)
  await at(page, 'login-password').fill(password)
  await at(page, 'login-submit').click()
  await at(page, 'auditor-desk').waitFor()
  return page
}

const at = (page: Page, name: string) => page.locator(`[data-test="${name}"]`)
/** Screenshots for whoever wants to look: LOTSE_SCREENSHOTS names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.LOTSE_SCREENSHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}

t.test('[R7] two auditors open the recording of a real session in the page', async (t) => {
  const customer = await scene.openCustomer()
  await scene.share(customer)
  await customer.hands.moveTo(NOTES.x, NOTES.y)
  await customer.hands.click()
  await customer.hands.type('abc')
  await waitForSamePixels(x, expert)
  await expert.say(LINE)
  await customer.page.locator('[data-test="chat-log"]', { hasText: LINE }).waitFor()
  await expert.end()
  await customer.waitForScreen('ended')

  const erika = await auditor('Erika Muster')
  await at(erika, 'ask').click()
  await at(erika, 'ask-dialog').locator('summary').click()
  const today = await erika.evaluate(() => {
    const now = new Date()
    return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  })
  await at(erika, 'ask-day').fill(today)
  await at(erika, 'ask-sessions').locator('button').first().click()
  await at(erika, 'ask-case').fill('BSW-2026-17')
  await at(erika, 'ask-reason').fill('Der Kunde sagt, dass eine Rechnung verschwunden ist.')
  await look(erika, 'ask')
  await at(erika, 'ask-send').click()
  await erika.locator('[data-test="request"][data-state="asked"]').waitFor()
  t.equal(await at(erika, 'approve').count(), 0, 'nobody agrees to what they asked for')
  await look(erika, 'asked')

  const joerg = await auditor('Jörg Groß')
  await look(joerg, 'to-decide')
  await at(joerg, 'approve').click()
  await joerg.locator('[data-test="request"][data-state="approved"]').waitFor()
  await look(joerg, 'approved')
  await at(joerg, 'open').click()
  await joerg.locator('[data-test="phase"][data-phase="keys"]').waitFor()
  const keyOf = (group: string) =>
    readIdentityFile(readFileSync(join(dataFolder, 'operator', `group-${group}.key`), 'utf8'))
  for (const [nth, group] of ['a', 'b'].entries()) {
    await at(joerg, 'key-text').fill(keyOf(group))
    await joerg.getByRole('button', { name: 'Prüfen' }).click()
    await look(joerg, `key-${nth}`)
    if (nth === 0) await joerg.locator('[data-here="true"]').first().waitFor()
  }
  await joerg.locator('[data-test="phase"][data-phase="player"]').waitFor()
  await at(joerg, 'feed').getByText(LINE).waitFor()
  await look(joerg, 'player')

  const events = await auditEvents(readConfig(env))
  const steps = events.filter((event) => event.t.startsWith('opening-')).map((event) => event.t)
  t.same(steps.slice(0, 3), ['opening-requested', 'opening-approved', 'opening-read'])
  t.notMatch(JSON.stringify(events), LINE)
})
