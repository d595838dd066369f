import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts a process's time in hundredths of a second. */
const TICK_MS = 10
const PAGE_BYTES = 4096

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
  readonly cpuMs: number
  readonly residentBytes: number
}

/** All processes of the machine, as they are now. */
export function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const fields = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number)
        // With the time of children that ended and were waited for.
        const ticks = fields[11]! + fields[12]! + fields[13]! + fields[14]!
        return [
          {
            pid: Number(name),
            parent: fields[1]!,
            command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
            cpuMs: ticks * TICK_MS,
            residentBytes: fields[21]! * PAGE_BYTES,
          },
        ]
      } catch {
        return [] // It ended while it was looked at.
      }
    })
}

/** These processes and everything they started. */
export function treesOf(roots: readonly number[], all = processes()): Process[] {
  const found = all.filter(({ pid }) => roots.includes(pid))
  for (let at = 0; at < found.length; at++)
    found.push(...all.filter((other) => other.parent === found[at]!.pid && !found.includes(other)))
  return found
}

/** CPU time spent so far by these processes and everything they started. */
export function cpuMsOf(roots: readonly number[]): number {
  return treesOf(roots).reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/** The one process below `ancestor` that was started with this word on its command line. */
export function startedWith(ancestor: number, word: string): number {
  const all = treesOf([ancestor]).filter(({ command }) => command.split(' ').includes(word))
  const top = all.find(({ parent }) => !all.some(({ pid }) => pid === parent))
  if (!top) throw new Error(`No process below ${ancestor} was started with ${word}.`)
  return top.pid
}

/** CPU time spent so far by whatever runs on this machine. */
export function machineCpuMs(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return (user! + nice! + system! + irq! + softirq!) * TICK_MS
}
