import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { readIdentityFile } from '../../peer/recording/identity-file.ts'
import { RecordingReader } from '../../peer/recording/reader.ts'
import { openSessionKey } from '../../peer/recording/session-key.ts'
import { layoutOf, openingOf, seededBytes } from '../fixtures/recording.ts'
import { allImports } from '../house/imports.ts'
import { readProjectFile } from '../house/tree.ts'
import { sessionScene } from './session-scene.ts'

const MARKER_TEXT = 'Kennzeichen 7f3a “ÄÖÜ” der Kundin Großmann'

/** The ways in which bytes could lie about unencrypted: as they are, as text in wide characters, in base64. */
function disguises(bytes: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    return Buffer.from(shifted.slice(4, -4))
  })
  const url = base64.map((text) => Buffer.from(text.toString().replace(/\+/g, '-').replace(/\//g, '_')))
  return [bytes, Buffer.from(bytes.toString('utf8'), 'utf16le'), ...base64, ...url]
}

t.test('[R3] the vault holds neither marker text nor marker pixels, in any disguise', async (t) => {
  const scene = await sessionScene(t)
  const { writer, a, b } = scene
  const side = 32
  const raw = Buffer.from(seededBytes('marker picture', side * side * 3))
  const image = await sharp(raw, { raw: { width: side, height: side, channels: 3 } })
    .webp({ lossless: true })
    .toBuffer()
  const stills = [{ x: 0, y: 0, width: side, height: side, bytes: image.length }]
  const link = scene.link()
  link.append(writer.append('keyframe', { t: 'stills', stills, layout: layoutOf(side, side) }, image))
  const chat = writer.append('chat', { t: 'chat', from: 'customer', text: MARKER_TEXT })
  link.append(chat)
  link.append(writer.append('join', { t: 'join', who: 'expert', name: MARKER_TEXT }))
  link.append(writer.close())
  await scene.ended.first(() => true)

  const names = readdirSync(scene.directory)
  t.same(names.map((name) => name.split('.')[1]).sort(), ['rec', 'wraps'])
  const held = Buffer.concat(names.map((name) => readFileSync(join(scene.directory, name))))
  t.ok(held.length > image.length, 'the picture is in there, sealed')
  const parts = [
    Buffer.from(MARKER_TEXT),
    Buffer.from(MARKER_TEXT.slice(0, 16)),
    Buffer.from('Großmann'),
    ...[0, 1, 2, 3].map((n) => image.subarray(20 + n * 64, 36 + n * 64)),
    ...[0, 1, 2, 3].map((n) => raw.subarray(n * 100, n * 100 + 16)),
  ]
  const found = parts.flatMap((part) => disguises(part).filter((disguise) => held.includes(disguise)))
  t.same(found, [])
  for (const { identity } of [a, b]) t.notOk(held.includes(readIdentityFile(identity)), 'nor a key')
  const key = await openSessionKey(openingOf(writer).wraps, [a.identity, b.identity])
  for (const disguise of disguises(Buffer.from(key))) t.notOk(held.includes(disguise), 'nor the session key')
  t.match(
    new RecordingReader(key).open(chat.bytes),
    { content: { text: MARKER_TEXT } },
    'with both keys it is there',
  )
})

/** Every file of ours that is loaded with these, and every package. */
function reachOf(files: readonly string[]): { files: Set<string>; packages: Set<string | null> } {
  const imports = allImports()
  const reached = new Set(files)
  const packages = new Set<string | null>()
  for (const file of reached) {
    for (const { ownFile, packageName } of imports.filter((found) => found.file === file)) {
      if (ownFile) reached.add(ownFile)
      else packages.add(packageName)
    }
  }
  return { files: reached, packages }
}

t.test('[R3] nothing that could open a record is within the reach of the recorder', async (t) => {
  const process = reachOf(['recorder/main.ts'])
  for (const name of ['session-key', 'record-cipher', 'reader', 'writer'])
    t.notOk(process.files.has(`peer/recording/${name}.ts`), name)
  for (const name of ['age-encryption', 'sharp']) t.notOk(process.packages.has(name), name)
  const storing = reachOf(['recorder/session-recording.ts', 'recorder/vault.ts'])
  t.ok(storing.files.has('recorder/recording-file.ts'))
  t.notOk(storing.packages.has('@noble/ciphers'), 'and where records are handled there is no cipher at all')
  const coders = [...storing.files].filter((file) =>
    /createCipheriv|createDecipheriv/.test(readProjectFile(file)),
  )
  t.same(coders, ['recorder/sealed-wraps.ts'], 'but around the wraps, which stay sealed to the two groups')
})
