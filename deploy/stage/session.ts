import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { XServer } from '../../test/fixtures/x-server.ts'
import { type CustomerStage, openCustomer } from './customer.ts'
import { openDisplay } from './display.ts'
import { type ExpertStage, openBrowser, openExpert } from './expert.ts'
import { type ServiceStage, startService } from './service.ts'

/** Everything that a session needs, real and on this machine. */
export interface Scene {
  readonly folder: string
  readonly service: ServiceStage
  readonly x: XServer
  readonly browser: Browser
  readonly expert: ExpertStage
  /** Those that were opened, in order. */
  readonly customers: readonly CustomerStage[]
  /** A client of the customer's; the scene closes it. */
  openCustomer(): Promise<CustomerStage>
  /** From a fresh number to the shared screen. */
  share(customer: CustomerStage): Promise<void>
  /** From the shared screen to where the expert holds mouse and keyboard. */
  steer(customer: CustomerStage): Promise<void>
  close(): Promise<void>
}

export interface SceneOptions {
  /** Called with the data folder before anything is started on it. */
  readonly prepare?: (dataFolder: string) => void
}

export async function openScene({ prepare }: SceneOptions = {}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'lotse-scene-'))
  const dataFolder = join(folder, 'data')
  prepare?.(dataFolder)
  const [service, x, browser] = await Promise.all([
    startService({ dataFolder }),
    openDisplay(),
    openBrowser(),
  ])
  const expert = await openExpert(browser)
  const customers: CustomerStage[] = []
  await expert.logIn(service.origin, service.expert.name, service.expert.password)
  return {
    folder,
    service,
    x,
    browser,
    expert,
    customers,
    async openCustomer() {
      const customer = await openCustomer(service, x)
      customers.push(customer)
      await customer.waitForScreen('number')
      return customer
    },
    async share(customer) {
      await customer.enterNumber(await expert.newNumber())
      await customer.agree()
      await expert.waitForPicture()
      await customer.waitForScreen('sharing')
    },
    async steer(customer) {
      await expert.askControl()
      await customer.waitForScreen('question')
      await customer.agree()
      await expert.waitForHolder('expert')
    },
    async close() {
      for (const customer of customers) await customer.close()
      await browser.close()
      await x.close()
      await service.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
