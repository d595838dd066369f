import type { Handle, User32 } from './user32.ts'

export interface OwnWindows {
  /** True where a click at this place of the virtual screen would go to a window of our own. */
  areAt(x: number, y: number): boolean
  /** True where a key would go to one. */
  haveFocus(): boolean
}

/** How long a process is taken for what it was, in ms: Windows gives the number of one that ended to another. */
const REMEMBERED_MS = 2000

/**
 * Windows of `ownProcess` and of what it started. Of a browser the top-level window belongs to the process that was
 * started, but for one that starts another in its place.
 */
export function ownWindows(user32: User32, ownProcess: number | undefined): OwnWindows {
  const remembered = new Map<number, { isOwn: boolean; untilMs: number }>()

  function isOwnProcess(process: number): boolean {
    if (process === ownProcess) return true
    const known = remembered.get(process)
    if (known && known.untilMs > performance.now()) return known.isOwn
    const parents = user32.parents()
    const line = new Set<number>()
    for (let one: number | undefined = process; one !== undefined && !line.has(one); one = parents.get(one))
      line.add(one)
    const isOwn = line.has(ownProcess!)
    remembered.set(process, { isOwn, untilMs: performance.now() + REMEMBERED_MS })
    return isOwn
  }

  function isOwn(window: Handle | null): boolean {
    return ownProcess !== undefined && window !== null && isOwnProcess(user32.ownerOf(window).process)
  }

  return {
    areAt: (x, y) => isOwn(user32.windowAt(x, y)),
    haveFocus: () => isOwn(user32.foregroundWindow()),
  }
}
