import type { XConnection } from './connection.ts'

/**
 * The windows of the process that shows the customer's window. No remote input may go there: who answers a question
 * of ours, and who ends the session, is the customer alone [C4, C5]. The server is asked anew each time: a window may
 * open, move or come to the top at any moment, and asking takes a few round trips on one machine.
 */
export interface OwnWindows {
  /** Whether what is on top at this place of the root window belongs to it, the frame with the title included. */
  areAt(x: number, y: number): Promise<boolean>
  /** Resolves once the server has all that was sent before. */
  haveKeyboard(): Promise<boolean>
}

const ANY_TYPE = 0
const POINTER_ROOT = 1
const NOBODY = 0
const MOST_DEPTH = 32
/** A frame holds its window and some borders and buttons. */
const MOST_CHILDREN = 64
/** Windows can go while they are asked about. */
const ATTEMPTS = 3

export async function watchOwnWindows(
  connection: XConnection,
  ownProcess: number | undefined,
): Promise<OwnWindows> {
  const { client, root } = connection
  if (ownProcess === undefined) {
    const nowhere = () => connection.sync().then(() => false)
    return { areAt: async () => false, haveKeyboard: nowhere }
  }
  const pidAtom = await connection.ask<number>((done) => client.InternAtom(false, '_NET_WM_PID', done))

  async function isOurs(window: number): Promise<boolean> {
    const { data } = await connection.ask<{ data: Buffer }>((done) =>
      client.GetProperty(0, window, pidAtom, ANY_TYPE, 0, 1, done),
    )
    return data.length >= 4 && data.readUInt32LE() === ownProcess
  }

  const tree = (window: number) =>
    connection.ask<{ parent: number; children: number[] }>((done) => client.QueryTree(window, done))

  async function framesOurs(window: number): Promise<boolean> {
    const { children } = await tree(window)
    return (await Promise.all(children.slice(0, MOST_CHILDREN).map(isOurs))).includes(true)
  }

  /** Down from the root; the server passes over windows that let clicks through. */
  async function areAt(x: number, y: number): Promise<boolean> {
    const asked: Promise<boolean>[] = []
    const ask = (answer: Promise<boolean>) => {
      asked.push(answer)
      // The walk itself may fail first.
      answer.catch(() => {})
    }
    let window = root
    for (let depth = 0; depth < MOST_DEPTH; depth++) {
      const inside = window
      const { child } = await connection.ask<{ child: number }>((done) =>
        client.TranslateCoordinates(root, inside, x, y, done),
      )
      if (child === NOBODY) break
      if (inside === root) ask(framesOurs(child))
      ask(isOurs(child))
      window = child
    }
    return (await Promise.all(asked)).includes(true)
  }

  async function haveKeyboard(): Promise<boolean> {
    let { focus: window } = await connection.ask<{ focus: number }>((done) => client.GetInputFocus(done))
    if (window === NOBODY) return false
    if (window === POINTER_ROOT) {
      const { rootX, rootY } = await connection.ask<{ rootX: number; rootY: number }>((done) =>
        client.QueryPointer(root, done),
      )
      return areAt(rootX, rootY)
    }
    for (let depth = 0; depth < MOST_DEPTH && window !== root && window !== NOBODY; depth++) {
      const [ours, { parent }] = await Promise.all([isOurs(window), tree(window)])
      if (ours) return true
      window = parent
    }
    return false
  }

  /** What cannot be found out counts as ours. */
  async function surely(question: () => Promise<boolean>): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return await question()
      } catch {}
    }
    return true
  }

  return {
    areAt: (x, y) => surely(() => areAt(x, y)),
    haveKeyboard: () => surely(haveKeyboard),
  }
}
