import { timeText } from './believed-clock.ts'
import { certainMs } from './believed-time.ts'
import { decodeBelief, encodeConfirmation } from './clock-note.ts'
import { nodeDisk } from './disk.ts'
import { readMachineClock } from './machine-clock.ts'
import { recorderFiles } from './recorder-files.ts'
import { readWhole, replaceWhole } from './whole-file.ts'

/** `npm run retention -- confirm-clock`: the operator vouches for the clock of the recorder's machine. */

const USAGE = `Usage: npm run retention -- confirm-clock [--yes]

Shows what time the recorder believes it is and what the clock of this machine says. With --yes the recorder takes the
clock as right within five minutes, and deletes what is due by it. Run it on the recorder's machine, with its LOTSE_DATA.
`

/** Returns the exit code. */
async function main([command, ...rest]: string[]): Promise<number> {
  if (command !== 'confirm-clock' || rest.some((arg) => arg !== '--yes')) {
    process.stderr.write(USAGE)
    return 2
  }
  const files = recorderFiles(process.env)
  const reading = readMachineClock()
  const note = await readWhole(nodeDisk, files.clockNoteFile, 4096)
  const belief = note && decodeBelief(note)
  if (!belief) console.log('The recorder has not written down its time yet.')
  else if (belief.bootId !== reading.bootId)
    console.log(
      `When this machine was last running, the recorder believed it was ${timeText(certainMs(belief))}.`,
    )
  else console.log(`The recorder believes it is ${timeText(reading.steadyMs + belief.offsetMs)}.`)
  console.log(`The clock of this machine says ${timeText(reading.wallMs)}.`)
  if (!rest.includes('--yes')) {
    console.log('Nothing was changed. If the clock is right, run this again with --yes.')
    return 0
  }
  await replaceWhole(nodeDisk, files.clockConfirmedFile, encodeConfirmation(reading))
  console.log('The recorder will go by the clock from its next look on, within five minutes.')
  return 0
}

process.exitCode = await main(process.argv.slice(2))
