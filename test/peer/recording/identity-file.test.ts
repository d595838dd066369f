import { armor, Decrypter, Encrypter } from 'age-encryption'
import t from 'tap'
import {
  openIdentityFile,
  protectionOf,
  readIdentityFile,
  sealIdentityFile,
  WrongPassphrase,
} from '../../../peer/recording/identity-file.ts'
import { passphraseProblem } from '../../../peer/recording/passphrase.ts'
import { makeKey } from '../../fixtures/recording.ts'

const PASSPHRASE = 'Möwe Kiel Anker Tau 7'

t.test('[R4] a key file under a passphrase opens with it alone, and is a plain age file', async (t) => {
  const { identity, key } = await makeKey('x')
  const text = `# label: Jörg Groß\n# recipient: ${key.recipient}\n${identity}\n`
  const sealed = await sealIdentityFile(text, PASSPHRASE)
  t.equal(protectionOf(sealed), 'passphrase')
  t.equal(protectionOf(text), 'none')
  t.match(
    Buffer.from(armor.decode(sealed)).toString('latin1'),
    /^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/,
  )
  t.throws(() => readIdentityFile(sealed), /is protected/)

  t.equal(await openIdentityFile(sealed.replaceAll('\n', '\r\n'), PASSPHRASE.normalize('NFD')), identity)
  await t.rejects(openIdentityFile(sealed, `${PASSPHRASE} `), WrongPassphrase)
  const plainAge = new Decrypter()
  plainAge.addPassphrase(PASSPHRASE)
  t.equal(await plainAge.decrypt(armor.decode(sealed), 'text'), text, 'whatever reads age files reads it')
})

t.test('[R4] a damaged or foreign key file is told from a wrong passphrase', async (t) => {
  const { identity, key } = await makeKey('x')
  const sealed = await sealIdentityFile(`${identity}\n`, PASSPHRASE)
  const lines = sealed.split('\n')
  const cut = lines.toSpliced(-4, 1).join('\n')
  await t.rejects(openIdentityFile(cut, PASSPHRASE), { name: 'RangeError', message: /is damaged/ })
  await t.rejects(openIdentityFile(lines.slice(0, 3).join('\n'), PASSPHRASE), /is damaged/)
  await t.rejects(openIdentityFile(`${identity}\n`, PASSPHRASE), /not protected by a passphrase but by: none/)
  const encrypter = new Encrypter()
  encrypter.addRecipient(key.recipient)
  t.equal(protectionOf(armor.encode(await encrypter.encrypt(identity))), 'other')
  const noKey = await sealIdentityFile('only words\n', PASSPHRASE)
  await t.rejects(openIdentityFile(noKey, PASSPHRASE), /does not begin with AGE-SECRET-KEY-1/)
})

t.test('[R4] a passphrase is long enough to be tried for years', async (t) => {
  for (const weak of ['', 'short', 'fourteen chars', 'a'.repeat(40), '12121212121212121212'])
    t.match(passphraseProblem(weak), /at least 15 characters, 8 of them different/, weak)
  for (const fair of [PASSPHRASE, 'correct horse battery', 'ключ от шкафа №9'])
    t.equal(passphraseProblem(fair), undefined, fair)
})
