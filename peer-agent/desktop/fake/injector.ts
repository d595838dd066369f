import type { Injector, InjectorEvents, OpenInjector } from '../injector.ts'

export interface FakeInjector extends Injector {
  /** Everything that reached the system, in order. */
  readonly injected: string[]
  readonly events: InjectorEvents
}

/** An injector that writes down what it is told; what is held is tracked as a real one does. */
export function createFakeInjector(injected: string[] = []): {
  open: OpenInjector
  opened: FakeInjector[]
} {
  const opened: FakeInjector[] = []
  const open: OpenInjector = async (_options, events) => {
    const held = new Set<string>()
    const hold = (name: string, isDown: boolean) => {
      if (isDown) held.add(name)
      else held.delete(name)
      injected.push(`${name} ${isDown ? 'down' : 'up'}`)
    }
    const injector: FakeInjector = {
      injected,
      events,
      takesCtrlAltDel: true,
      get isHolding() {
        return held.size > 0
      },
      move: (x, y) => void injected.push(`move ${x},${y}`),
      button: (button, isDown) => hold(button, isDown),
      wheel: (dx, dy) => void injected.push(`wheel ${dx},${dy}`),
      text: (text) => void injected.push(`text ${text}`),
      key: (code, isDown) => hold(code, isDown),
      letGo() {
        for (const name of held) injected.push(`${name} up`)
        held.clear()
      },
      async close() {
        injector.letGo()
        injected.push('closed')
      },
    }
    opened.push(injector)
    return injector
  }
  return { open, opened }
}
