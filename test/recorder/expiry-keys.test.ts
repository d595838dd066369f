import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type DiskFile, nodeDisk } from '../../recorder/disk.ts'
import { ExpiryKeys, pastOf } from '../../recorder/expiry-keys.ts'
import { keyFileName, readKeyFileName, SLOT_MS, slotOf } from '../../recorder/expiry-slot.ts'
import { readTerm, sealWraps, unsealWraps } from '../../recorder/sealed-wraps.ts'
import { seededBytes } from '../fixtures/recording.ts'
import { TroubledDisk } from './troubled-disk.ts'

const SLOT = slotOf(Date.UTC(2026, 4, 30, 10, 44))
const SESSION_ID = '2026-05-30T10-30Z.abcd'.replace('.', '_')

t.test('[R6] each key has a name that says when it goes', async (t) => {
  t.equal(keyFileName({ t: 'slot', slotMs: SLOT }), '2026-05-30T10-30Z.key')
  const hold = { t: 'hold', slotMs: SLOT + SLOT_MS, sessionId: SESSION_ID } as const
  t.equal(keyFileName(hold), `2026-05-30T11-00Z.${SESSION_ID}.hold`)
  t.same(readKeyFileName(keyFileName(hold)), hold)
  for (const name of ['2026-05-30T10-15Z.key', '2026-05-30T10-30Z.key.new', '2026-13-30T10-30Z.key', 'x', ''])
    t.equal(readKeyFileName(name), undefined, name)
})

t.test(
  '[R6] a key is durable, with its name, before anything can be stored under it; one for all',
  async (t) => {
    const disk = new TroubledDisk()
    const directory = join(t.testdir(), 'keys')
    const keys = new ExpiryKeys(directory, disk)
    const place = { t: 'slot', slotMs: SLOT } as const
    t.equal(await keys.read(place), undefined)
    t.same(await keys.list(), [])
    t.equal(await pastOf(keys), null)
    const [one, two] = await Promise.all([keys.obtain(place), keys.obtain(place)])
    t.same(one, two)
    t.equal(one.length, 32)
    const name = keyFileName(place)
    t.same(
      disk.calls.filter((call) => /^(synced|rename|sync directory)/.test(call)),
      [`synced ${name}.new`, `rename to ${name}`, 'sync directory', 'sync directory'],
    )
    t.same(await keys.obtain(place), one, 'later too')
    t.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
    t.equal(statSync(directory).mode & 0o777, 0o700)
    t.ok((await pastOf(keys))! < SLOT - 365 * 24 * 60 * 60_000)
  },
)

t.test('[R6] destroying overwrites the key where it stands, durably, before its name goes', async (t) => {
  const directory = join(t.testdir(), 'keys')
  const key = await new ExpiryKeys(directory, nodeDisk).obtain({ t: 'slot', slotMs: SLOT })
  const path = join(directory, keyFileName({ t: 'slot', slotMs: SLOT }))
  const steps: string[] = []
  const disk = {
    ...nodeDisk,
    open: async (path: string): Promise<DiskFile | undefined> => {
      const file = await nodeDisk.open(path)
      if (!file) return undefined
      return {
        ...file,
        sync: async () => {
          await file.sync()
          steps.push(`synced, ${readFileSync(path).equals(key) ? 'as it was' : 'overwritten'}`)
        },
      }
    },
    remove: async (path: string) => {
      steps.push('removed')
      await nodeDisk.remove(path)
    },
    syncDirectory: async (path: string) => {
      steps.push('folder synced')
      await nodeDisk.syncDirectory(path)
    },
  }
  const keys = new ExpiryKeys(directory, disk)
  await keys.destroy({ t: 'slot', slotMs: SLOT })
  t.same(steps, ['synced, overwritten', 'removed', 'folder synced'])
  t.notOk(existsSync(path))
  await keys.destroy({ t: 'slot', slotMs: SLOT })
  t.equal(steps.length, 3, 'again costs nothing')
})

t.test('[R6] what a crash left of a key that was being made goes; foreign files stay', async (t) => {
  const directory = join(t.testdir(), 'keys')
  mkdirSync(directory)
  writeFileSync(join(directory, '2026-05-30T10-30Z.key.new'), 'half')
  writeFileSync(join(directory, 'README'), 'not in backups')
  const keys = new ExpiryKeys(directory, nodeDisk)
  await keys.clean()
  t.same(readdirSync(directory), ['README'])
  t.same(await keys.list(), [])
})

t.test('[R6] stored wraps say when they fall due, and nobody can change that or exchange them', async (t) => {
  const [key, wraps] = [seededBytes('key', 32), seededBytes('wraps', 2_000)]
  const term = { dueAtMs: SLOT + 1, heldUntilMs: SLOT + 2 }
  const sealed = sealWraps(wraps, key, SESSION_ID, term)
  t.same(readTerm(sealed), term)
  t.same(readTerm(sealWraps(wraps, key, SESSION_ID, { ...term, heldUntilMs: null }))!.heldUntilMs, null)
  t.same(unsealWraps(sealed, key, SESSION_ID), wraps)
  t.notOk(sealed.includes(Buffer.from(wraps.subarray(0, 16))))
  t.throws(() => unsealWraps(sealed, seededBytes('other', 32), SESSION_ID))
  t.throws(() => unsealWraps(sealed, key, 'another-session-------'))
  for (let at = 0; at < sealed.length; at += 1 + (at > 60 ? 97 : 0)) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    t.throws(() => unsealWraps(changed, key, SESSION_ID), `byte ${at}`)
  }
  t.equal(readTerm(sealed.subarray(0, 40)), undefined)
  t.equal(readTerm(Buffer.from('{"t":"wraps","a":"…","b":"…"}'.padEnd(80))), undefined)
})
