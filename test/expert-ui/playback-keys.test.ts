import { armor, Encrypter } from 'age-encryption'
import t from 'tap'
import { readKey } from '../../expert-ui/playback/key-file.ts'
import { KeyRing } from '../../expert-ui/playback/key-ring.ts'
import { openRecord } from '../../expert-ui/playback/record-opener.ts'
import { entriesOf, makeKey, makeRecording, openingOf } from '../fixtures/recording.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function lockedFile(text: string, passphrase: string, work = 10): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(work)
  return encrypter.encrypt(text)
}

const made = await makeRecording()
made.writer.append('chat', { t: 'chat', from: 'customer', text: 'Guten Tag' })
const { wraps } = openingOf(made.writer)
const entries = entriesOf(made.writer)
const { a, b } = made
const fileOf = ({ identity }: { identity: string }) => bytes(`# service lead\n# public: age1…\n${identity}\n`)

t.test('[R4] one key of each group opens the recording, in either order, and none alone', async (t) => {
  for (const [first, second, groups] of [
    [a, b, ['A', 'B']],
    [b, a, ['B', 'A']],
  ] as const) {
    const ring = new KeyRing(wraps)
    t.same(await ring.bring(fileOf(first), null), { group: groups[0] })
    t.equal(await ring.sessionKey(), null)
    t.same(await ring.bring(fileOf(second), null), { group: groups[1] })
    const key = (await ring.sessionKey())!
    t.equal(key.extractable, false, 'no script can read the key back')
    t.match(await openRecord(key, entries[1]!), { content: { t: 'chat', text: 'Guten Tag' } })
    t.equal(await openRecord(key, entries[0]!), undefined, 'the header is not sealed')
    t.equal(await ring.sessionKey(), null, 'the keys brought are gone')
  }
})

t.test('[R4] two keys of the same group, a wrong key and text that is no key are told apart', async (t) => {
  const ring = new KeyRing(wraps)
  const other = await makeKey('of another operator')
  t.same(await ring.bring(fileOf(other), null), { problem: 'other-recording', group: null })
  t.same(await ring.bring(fileOf(a), null), { group: 'A' })
  t.same(await ring.bring(fileOf(a), null), { problem: 'same-group', group: 'A' })
  t.equal(await ring.sessionKey(), null)
  for (const text of ['', 'hello', 'AGE-SECRET-KEY-1NONSENSE', `${a.identity}\n${b.identity}`])
    t.same(await ring.bring(bytes(text), null), { problem: 'not-a-key', group: null }, text)
  t.same(await ring.bring(new Uint8Array(70_000), null), { problem: 'not-a-key', group: null })
  ring.takeBack('A')
  t.same(await ring.bring(fileOf(b), null), { group: 'B' })
  t.equal(await ring.sessionKey(), null, 'what was taken back does not count')
  const broken = new KeyRing(bytes('{"t":"wraps"}'))
  t.same(await broken.bring(fileOf(a), null), { problem: 'wraps-damaged', group: null })
})

t.test('[R4] a key file locked with a passphrase, armored or not', async (t) => {
  const binary = await lockedFile(`${a.identity}\n`, 'sechs Wörter auf einem Blatt')
  for (const file of [binary, bytes(`${armor.encode(binary)}\n`)]) {
    t.same(await readKey(file.slice(), null), { problem: 'needs-passphrase' })
    t.same(await readKey(file.slice(), 'falsch'), { problem: 'wrong-passphrase' })
    t.same(await readKey(file.slice(), 'sechs Wörter auf einem Blatt'), { identity: a.identity })
  }
  t.same(await readKey(await lockedFile('no key in here', 'x'), 'x'), { problem: 'not-a-key' })
  const encrypter = new Encrypter()
  encrypter.addRecipient(b.key.recipient)
  t.same(await readKey(await encrypter.encrypt(a.identity), null), { problem: 'not-by-passphrase' })
  const heavy = new TextDecoder('latin1').decode(binary).replace(/(-> scrypt \S+) 10\n/, '$1 30\n')
  t.same(
    await readKey(Buffer.from(heavy, 'latin1'), 'x'),
    { problem: 'not-a-key' },
    'no file can hang the page',
  )
  t.same(await readKey(bytes('-----BEGIN AGE ENCRYPTED FILE-----\nnonsense'), 'x'), { problem: 'not-a-key' })
})

t.test('[R4] the bytes of a key file are wiped once they were read', async (t) => {
  const file = fileOf(a)
  await new KeyRing(wraps).bring(file, null)
  t.ok(file.every((byte) => byte === 0))
})

t.test('[R3] a changed record does not open', async (t) => {
  const ring = new KeyRing(wraps)
  await ring.bring(fileOf(a), null)
  await ring.bring(fileOf(b), null)
  const key = (await ring.sessionKey())!
  for (const at of [30, entries[1]!.length - 1]) {
    const changed = entries[1]!.slice()
    changed[at]! ^= 1
    await t.rejects(openRecord(key, changed))
  }
})
