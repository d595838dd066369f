import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { GroupName } from '../../peer/recording/session-key.ts'
import { reconstruct } from '../../recorder/reconstruction.ts'
import { type HeldKey, makeKey } from '../fixtures/recording.ts'
import { operatorOf } from '../signaling/operator-line.ts'

/** Keys as people of the two groups hold them, two in each; the operator's folder never sees their secret halves. */
export interface KeyPairs {
  readonly a: readonly HeldKey[]
  readonly b: readonly HeldKey[]
}

/** Makes two keys for each group, and puts them in the place of the two that the service began with. */
export async function giveKeys(dataFolder: string): Promise<KeyPairs> {
  const operator = operatorOf(dataFolder)
  const done = async (args: string[]) => {
    const { code, out, err } = await operator(args)
    if (code !== 0) throw new Error(err)
    return out
  }
  const make = (group: GroupName) => Promise.all([1, 2].map((n) => makeKey(`person ${group}${n}`)))
  const [a, b] = await Promise.all([make('A'), make('B')])
  const before = await done(['show-policy'])
  const add = ({ key }: HeldKey, group: GroupName) =>
    done(['add-recording-key', '--group', group, '--label', key.label, '--recipient', key.recipient])
  for (const key of a) await add(key, 'A')
  for (const key of b) await add(key, 'B')
  for (const [recipient] of before.matchAll(/age1[a-z0-9]{58}/g))
    await done(['retire-recording-key', recipient])
  return { a, b }
}

export interface Opened {
  readonly standing: string
  readonly events: string
  /** Of every still, its rows of red, green and blue. */
  hasPixels(row: Buffer): Promise<boolean>
}

/** Opens the recording with these keys, in `out`, which is emptied first. Rejects as `reconstruct`. */
export async function openWith(
  keys: readonly HeldKey[],
  place: { readonly dataFolder: string; readonly sessionId: string; readonly out: string },
): Promise<Opened> {
  rmSync(place.out, { recursive: true, force: true })
  const { standing } = await reconstruct({
    sessionId: place.sessionId,
    identities: keys.map(({ identity }) => identity),
    vaultDirectory: join(place.dataFolder, 'recorder', 'vault'),
    keysDirectory: join(place.dataFolder, 'recorder', 'expiry-keys'),
    outDirectory: place.out,
  })
  return {
    standing,
    events: readFileSync(join(place.out, 'events.txt'), 'utf8'),
    async hasPixels(row) {
      // The newest first: the marker is among the last that was shown.
      for (const name of readdirSync(place.out).sort().reverse()) {
        if (!name.endsWith('.png')) continue
        const raw = await sharp(join(place.out, name)).removeAlpha().raw().toBuffer()
        if (raw.includes(row)) return true
      }
      return false
    },
  }
}
