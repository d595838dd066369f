import { openDisplay } from '../../deploy/stage/display.ts'
import { type SystemName, screenFrom } from './choice.ts'
import { openChromiumShare } from './chromium-share.ts'
import { openLine } from './line.ts'
import type { LineName } from './line-names.ts'
import { openLotse } from './lotse.ts'
import type { Bench } from './measure.ts'
import { openProbe } from './probe.ts'
import { startStimulus } from './stimulus.ts'
import type { OpenSystem } from './system.ts'
import { openTigerVnc } from './tigervnc.ts'
import { within } from './time-limit.ts'
import { openViewer } from './viewer.ts'

const SCREEN = screenFrom(process.env)
/** On a machine that is busy otherwise it takes a minute. */
const CONNECT_SECONDS = 150
const OPEN: Readonly<Record<SystemName, OpenSystem>> = {
  lotse: openLotse,
  tigervnc: openTigerVnc,
  chromium: openChromiumShare,
}

/** A line, a screen, a viewer, and a system that shows the one to the other. Takes it all down after `measureOn`. */
export async function withBench<T>(
  lineName: LineName,
  name: SystemName,
  takesKeys: boolean,
  measureOn: (bench: Bench) => Promise<T>,
): Promise<T> {
  const undos: (() => Promise<void>)[] = []
  const open = async <O extends { close(): Promise<void> }>(opening: Promise<O>): Promise<O> => {
    const opened = await opening
    undos.push(() => opened.close())
    return opened
  }
  try {
    const line = await open(openLine(lineName))
    const x = await open(openDisplay(SCREEN))
    const viewer = await open(openViewer(line))
    const connecting = within(CONNECT_SECONDS, `Connecting ${name}`, OPEN[name](x, viewer, line))
    const system = await open(connecting)
    console.error(`${name}, line ${lineName}: connected`)
    if (takesKeys) await system.keys!.grant()
    await line.narrow()
    const stimulus = await open(startStimulus(x.display))
    const probe = await openProbe(system.page, system.eyes, system.subject, SCREEN)
    return await measureOn({ x, stimulus, viewer, system, probe, line })
  } finally {
    // What can't be taken down must not hide why it had to be.
    for (const undo of undos.reverse())
      await undo().catch((error: Error) => console.error(`While taking down: ${error.message}`))
  }
}
