import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { reconstruct } from '../../recorder/reconstruction.ts'
import { seededNumbers } from '../fixtures/recording.ts'
import { SMALL_WORK, workKeys, workRecording } from '../fixtures/work-recording.ts'
import { launch, TestPage } from './browser.ts'
import {
  buildPlayerPage,
  digestAfter,
  openWithKeys,
  readWhole,
  sealedOf,
  servePlayer,
} from './player-stage.ts'

const SEED = Number(process.env.LOTSE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const JUMPS = 40

const recording = await workRecording(SMALL_WORK)
const sealed = await sealedOf(recording)
const server = await servePlayer(await buildPlayerPage(), sealed)
const browser = await launch()
const out = await mkdtemp(join(tmpdir(), 'lotse-reconstructed-'))
t.teardown(async () => {
  await browser.close()
  await server.close()
  await rm(out, { recursive: true, force: true })
})

t.test(
  '[R7] the canvas is what the command line reconstructs, pixel for pixel, wherever one jumps',
  async (t) => {
    t.comment(`seed ${SEED}`)
    const { vault, sessionId, a, b } = recording
    const keysDirectory = workKeys(vault)
    await reconstruct({
      vaultDirectory: vault,
      keysDirectory,
      sessionId,
      identities: [a, b],
      outDirectory: out,
    })
    const files = (await readdir(out)).filter((name) => name.endsWith('.png'))
    const page = await TestPage.open(browser, server.origin)
    t.teardown(() => page.close())
    await openWithKeys(page, [b, a])
    await readWhole(page)
    const entries = await page.page.evaluate(() =>
      globalThis.lotsePlayback.playback!.timeline.stills.map(({ entry }) => entry),
    )
    t.equal(entries.length, files.length, 'as many pictures as the command line writes')

    const below = seededNumbers(SEED)
    const sizes = new Set<string>()
    let last = 0
    for (let jump = 0; jump < JUMPS; jump++) {
      // Every fourth one goes on from where it is, as playing and stepping do.
      const number = (jump % 4 === 3 ? last + below(4) : below(entries.length)) % entries.length
      last = number
      const got = await digestAfter(page, entries[number]!)
      const { data, info } = await sharp(join(out, files[number]!))
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      sizes.add(`${info.width}×${info.height}`)
      t.same([got.width, got.height], [info.width, info.height])
      t.equal(
        got.sha256,
        createHash('sha256').update(data).digest('hex'),
        `${files[number]} of ${files.length}`,
      )
    }
    t.equal(sizes.size, 2, 'both layouts were looked at')
    t.same(await page.violations(), [])
    t.same(page.troubles, [])
  },
)
