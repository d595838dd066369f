import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../stage/child.ts'
import { type CustomerStage, openCustomer } from '../stage/customer.ts'
import { NOTES, openDisplay, saveDisplay } from '../stage/display.ts'
import { openBrowser, openExpert } from '../stage/expert.ts'
import { samePixels, waitForSamePixels } from '../stage/same-pixels.ts'
import { startService } from '../stage/service.ts'
import { until } from '../stage/until.ts'
import { playControl } from './control-steps.ts'
import { Steps, timed, within } from './steps.ts'

/** Plays one whole session by itself: real service, recorder, client, X server and Chromium; hands as hardware. */

const folder = mkdtempSync(join(tmpdir(), 'lotse-demo-'))
const shots = join(folder, 'screenshots')
mkdirSync(shots)
console.log(`Screenshots of both screens at each step: ${shots}`)

const service = await startService({ dataFolder: join(folder, 'data') })
const x = await openDisplay()
const browser = await openBrowser()
const expert = await openExpert(browser)
let customer: CustomerStage | undefined
let shotNumber = 0
const steps = new Steps(async (name) => {
  const number = String(++shotNumber).padStart(2, '0')
  await saveDisplay(x, join(shots, `${number}-${name}-customer.png`))
  await expert.page.screenshot({ path: join(shots, `${number}-${name}-expert.png`) })
})
const step = steps.step.bind(steps)
let number = ''

await step('the expert logs in', 'log-in', async () => {
  const { name, password } = service.expert
  return `${await timed(() => expert.logIn(service.origin, name, password))} ms`
})
await step('the expert gets a number to read out', 'number', async () => {
  const ms = await timed(async () => {
    number = await expert.newNumber()
  })
  return `${number.length} digits after ${ms} ms`
})
await step('the client opens its window', 'client', async () => {
  const ms = await timed(async () => {
    customer = await openCustomer(service, x)
    await customer.waitForScreen('number')
  })
  return `${ms} ms`
})
await step('a mistyped number is refused on the spot', 'mistyped', async () => {
  const wrong = number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10)
  await customer!.enterNumber(wrong)
  await customer!.page.locator('[data-test="number-problem"]').waitFor()
  if ((await expert.page.locator('[data-test="number"]').count()) !== 1)
    throw new Error('it reached the expert')
  return 'nothing was sent'
})
let questionMs = 0
await step('the right number leads to the question', 'question', async () => {
  await customer!.enterNumber(number)
  questionMs = await timed(() => customer!.waitForScreen('question'))
  return within(questionMs, 3_000)
})
await step('the customer agrees and the expert sees the screen', 'picture', async () => {
  await customer!.agree()
  const ms = await timed(() => expert.waitForPicture())
  const bothMs = within(questionMs + ms, 3_000)
  return `${within(ms, 1_500)} from consent; ${bothMs} from the number, less the reading`
})
await step('the picture is the screen, pixel for pixel', 'exact', async () => {
  await customer!.hands.moveTo(NOTES.x, NOTES.y)
  await customer!.hands.click()
  const { width, height } = await waitForSamePixels(x, expert)
  return `${width}×${height}, 0 pixels differ, watermark included`
})
await step('the watermark stands at the top right', 'watermark', async () => {
  const marked = await expert.pixels()
  const strip = marked.rgb.subarray(0, marked.width * 3 * 60)
  const corner = Array.from({ length: 60 }, (_, y) =>
    strip.subarray((y * marked.width + marked.width - 200) * 3, (y + 1) * marked.width * 3),
  )
  const colours = new Set(
    corner.flatMap((row) =>
      Array.from({ length: row.length / 3 }, (_, at) => row.subarray(at * 3, at * 3 + 3).join()),
    ),
  )
  if (colours.size < 10) throw new Error('nothing is drawn there')
  return `${colours.size} colours in its corner`
})
await step('what the customer types appears', 'typing', async () => {
  const before = await expert.pixels()
  await customer!.hands.type('Guten Tag')
  const ms = await timed(() =>
    until(
      async () => !samePixels(before, await expert.pixels()),
      5_000,
      () => 'nothing changed',
    ),
  )
  await waitForSamePixels(x, expert)
  return `first change after ${ms} ms, then exact`
})
await step('chat goes both ways', 'chat', async () => {
  const line = 'Grüße aus Köln 😀 <script>alert(1)</script>'
  await expert.say(line)
  await customer!.page.locator('[data-test="chat-log"]', { hasText: line }).waitFor()
  await customer!.say('Danke, ich sehe Sie!')
  await expert.page.locator('[data-test="chat-log"]', { hasText: 'Danke, ich sehe Sie!' }).waitFor()
  return 'umlauts, emoji and <script> as text'
})
await playControl(steps, { x, expert, customer: customer! })
await step(
  'the recorder hangs: the picture freezes, with the reason, and goes on with it',
  'hanging',
  async () => {
    const notice = expert.page.locator('[data-test="picture-notice"]')
    service.recorder().signal('SIGSTOP')
    const ms = await timed(() => notice.waitFor())
    service.recorder().signal('SIGCONT')
    await notice.waitFor({ state: 'detached' })
    return within(ms, 2_500)
  },
)
await step('the recorder dies: the picture freezes, with the reason', 'frozen', async () => {
  service.recorder().signal('SIGKILL')
  const ms = await timed(() => expert.waitForNotice())
  return within(ms, 2_500)
})
await step('the recorder is back: the picture goes on by itself', 'resumed', async () => {
  const ms = await timed(async () => {
    await service.startRecorder()
    await expert.waitForNoNotice()
  })
  await customer!.hands.moveTo(NOTES.x, NOTES.y)
  await customer!.hands.click()
  await waitForSamePixels(x, expert)
  return `${ms} ms, its start included`
})
await step('the customer ends with one click; the mark goes, the expert is told', 'end', async () => {
  const windowsBefore = (await x.mappedWindows()).length
  await customer!.click('end')
  const ms = await timed(async () => {
    await until(
      async () => (await x.mappedWindows()).length < windowsBefore,
      5_000,
      () => 'the mark still stands',
    )
  })
  await expert.waitForPhase('ended')
  await customer!.waitForScreen('ended')
  return `mark gone after ${within(ms, 1_000)}`
})
await step('the client leaves nothing running', 'left', async () => {
  await customer!.click('quit')
  const code = await customer!.agent.exited
  if (code !== 0) throw new Error(`it ended with ${code}:\n${customer!.agent.output()}`)
  return 'exit code 0'
})
await step('two keys together open the recording, and its chain is whole', 'reconstruct', async () => {
  const out = join(folder, 'reconstructed')
  const recording = readdirSync(join(folder, 'data/recorder/vault')).find((name) => name.endsWith('.rec'))
  const keys = ['a', 'b'].map((group) => join(folder, `data/operator/group-${group}.key`))
  const args = [recording!.slice(0, -4), '--key', keys[0]!, '--key', keys[1]!, '--out', out]
  const child = startChild('recorder/reconstruct.ts', args, { LOTSE_DATA: join(folder, 'data') })
  if ((await child.exited) !== 0) throw new Error(child.output())
  const stills = readdirSync(out).filter((name) => name.endsWith('.png')).length
  const events = readFileSync(join(out, 'events.txt'), 'utf8')
  if (!events.includes('Grüße aus Köln 😀')) throw new Error('the chat is not in it')
  if (!events.includes('mouse and keyboard: the expert')) throw new Error('nor who steered')
  if (stills === 0) throw new Error('no still is in it')
  return `${stills} stills, chat, control log and events in ${out}`
})
await step('nobody complained', 'done', async () => {
  if (expert.complaints.length > 0) throw new Error(expert.complaints.join('\n'))
  return 'no console error, no breach of the content security policy'
})

const code = steps.finish()
await customer?.close()
await browser.close()
await x.close()
await service.close()
process.exit(code)
