import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where everything the service keeps lies. */
export interface DataFolder {
  readonly database: string
  readonly cardKey: string
  readonly recorderToken: string
  readonly policy: string
  readonly recorderKey: string
  readonly operatorKey: string
  readonly groupAKey: string
  readonly groupBKey: string
}

export function dataFolder(root: string): DataFolder {
  return {
    database: join(root, 'signaling', 'lotse.sqlite'),
    cardKey: join(root, 'signaling', 'card.key'),
    recorderToken: join(root, 'signaling', 'recorder.token'),
    policy: join(root, 'signaling', 'policy.json'),
    recorderKey: join(root, 'recorder', 'recorder.key'),
    operatorKey: join(root, 'operator', 'operator.key'),
    groupAKey: join(root, 'operator', 'group-a.key'),
    groupBKey: join(root, 'operator', 'group-b.key'),
  }
}

/** Makes the root and these rooms of it, for their owner only. */
export function makeFolders(root: string, rooms: readonly ('signaling' | 'recorder' | 'operator')[]): void {
  for (const folder of [root, ...rooms.map((room) => join(root, room))]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // mkdir leaves a folder that was there as it was, and takes the umask off a new one.
    chmodSync(folder, 0o700)
  }
}
