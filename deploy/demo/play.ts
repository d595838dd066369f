import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseNumber } from '../../protocol/number.ts'
import { startChild } from '../stage/child.ts'
import { openCustomer } from '../stage/customer.ts'
import { openDisplay } from '../stage/display.ts'
import { startService } from '../stage/service.ts'

/** The whole of Lotse on this machine, for a person at the expert's browser; nothing of it is left afterwards. */

const folder = mkdtempSync(join(tmpdir(), 'lotse-demo-'))
console.log('Starting the service and the recorder …')
const service = await startService({ dataFolder: join(folder, 'data') })
console.log(`
  The expert's page:  ${service.origin}
  Name:               ${service.expert.name}
  Password:           ${service.expert.password}

Open the page, log in, and press "New session". Ctrl+C ends the demo.
`)
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())
const ended = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()))
const close = process.env.DISPLAY ? await onThisDisplay() : await onVirtualDisplay()
await ended
await close()
await service.close()
rmSync(folder, { recursive: true, force: true })
process.exit(0)

/** The customer's client on the display somebody sits at: they type and click themselves. */
async function onThisDisplay(): Promise<() => Promise<void>> {
  const args = ['--service', service.origin, '--operator-key', service.operatorKey]
  const agent = startChild('peer-agent/main.ts', args, {})
  console.log("The customer's window opens on this display; type the number there.")
  void agent.exited.then((code) => {
    console.log(code === 0 ? 'The client ended.' : `The client ended with ${code}:\n${agent.output()}`)
    stop.abort()
  })
  return () => agent.stop()
}

/** A display nobody sees: the number is typed here, and the customer's hands are played. */
async function onVirtualDisplay(): Promise<() => Promise<void>> {
  console.log('There is no display here, so the customer sits at a virtual one and their hands are played.')
  const x = await openDisplay()
  const customer = await openCustomer(service, x)
  await customer.waitForScreen('number')
  void playCustomer(customer).catch((error) => {
    if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error)
    stop.abort()
  })
  return async () => {
    await customer.close()
    await x.close()
  }
}

async function playCustomer(customer: Awaited<ReturnType<typeof openCustomer>>): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const ask = (question: string) => terminal.question(question, { signal: stop.signal })
  for (;;) {
    const typed = await ask('The number on the expert’s page: ')
    if (typeof parseNumber(typed) === 'string') {
      console.log('That is not the number: the check digit does not fit. Please compare it again.')
      continue
    }
    await customer.enterNumber(typed.replace(/\D/g, ''))
    const screen = customer.page.locator('[data-screen="question"], [data-test="number-problem"]')
    await screen.first().waitFor()
    if ((await customer.screen()) === 'question') break
    console.log(await customer.page.locator('[data-test="number-problem"]').textContent())
  }
  await ask('The customer is asked whether the expert may see the screen. Enter says yes: ')
  await customer.agree()
  await customer.waitForScreen('sharing')
  await ask('The expert sees the screen now. Enter ends the session as the customer: ')
  await customer.click('end')
  await customer.waitForScreen('ended')
  await customer.click('quit')
  terminal.close()
  stop.abort()
}
