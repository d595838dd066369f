import type { Page, Worker } from 'playwright-core'
import type { XServer } from '../../test/fixtures/x-server.ts'
import type { Line } from './line.ts'
import type { Subject } from './probe-in-page.ts'
import type { Viewer } from './viewer.ts'

/** A way to show a screen to somebody else, put up and connected: the page already shows it. */
export interface System {
  readonly page: Page
  /** Where the pixels of the picture are: the page, or a worker of it. */
  readonly eyes: Page | Worker
  readonly subject: Subject
  /** Whether it claims to show the screen bit for bit in the end. */
  readonly becomesExact: boolean
  /** Tops of the process trees on the sending side. The X server is none of them. */
  readonly senders: readonly number[]
  /** Of the senders: what only paints a window for the customer. */
  readonly window?: number
  /** Absent where keys go nowhere. */
  readonly keys?: {
    /** What must be done before anything lies over the customer's windows. */
    grant(): Promise<void>
    /** So that the page passes on what is typed. */
    focus(): Promise<void>
  }
  close(): Promise<void>
}

export type OpenSystem = (x: XServer, viewer: Viewer, line: Line) => Promise<System>
