import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Reading } from './believed-time.ts'

/** Off Linux each process counts as a boot of its own: nothing is believed that was not measured. */
const PROCESS_ID = randomUUID()

/** The clocks of this machine, read together. `/proc/uptime` counts the machine's sleep and cannot be set (proc_uptime(5)). */
export function readMachineClock(): Reading {
  const wallMs = Date.now()
  try {
    const seconds = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    if (Number.isFinite(seconds) && bootId) return { wallMs, steadyMs: seconds * 1000, bootId }
  } catch {}
  return { wallMs, steadyMs: performance.now(), bootId: PROCESS_ID }
}
