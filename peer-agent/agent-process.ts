import { WebSocket } from 'ws'
import { systemClock } from '../peer/clock.ts'
import type { WebSocketLike } from '../peer/signaling-client.ts'
import { nodeRtc } from '../peer/wrtc.ts'
import { Gate } from './control/gate.ts'
import { openDesktop } from './desktop/open.ts'
import { openInjector } from './desktop/open-injector.ts'
import { startPicture } from './picture/picture.ts'
import { receiptSheet } from './receipt/page.ts'
import { Agent } from './session/agent.ts'
import { AGENT_BUILD, type AgentSettings } from './settings.ts'
import { systemLanguage } from './window/language.ts'
import { customerSentences } from './window/sentences.ts'
import { openCustomerWindow } from './window/window.ts'

/** The agent's own process; its parent is `main.ts`. */

try {
  await runAgent(JSON.parse(process.env.LOTSE_AGENT_SETTINGS ?? '{}') as AgentSettings)
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}

async function runAgent(settings: AgentSettings): Promise<void> {
  const language = systemLanguage()
  const sentence = customerSentences(language)
  const desktop = await openDesktop()
  const monitors = desktop.layout().monitors
  const monitor = monitors.find(({ primary }) => primary) ?? monitors[0]!
  const window = await openCustomerWindow({ language, monitor })
  const agent = new Agent({
    origin: settings.origin,
    operatorKey: settings.operatorKey,
    ...(settings.policySinceMs === undefined ? {} : { policySinceMs: settings.policySinceMs }),
    ...(settings.number === undefined ? {} : { number: settings.number }),
    desktop,
    window,
    agentBuild: AGENT_BUILD,
    clock: systemClock,
    rtc: nodeRtc,
    connect: () =>
      new WebSocket(`${settings.origin.replace(/^http/, 'ws')}/ws/customer`) as unknown as WebSocketLike,
    startPicture: (events) => startPicture({ desktopKind: desktop.kind }, events),
    startGate: (isOpen, events) =>
      Gate.start({ openInjector, ownProcess: window.process, clock: systemClock, isOpen }, events),
    watermarkText: (state) => sentence(`watermark.${state}`),
    pointerLabel: (name) => sentence('watermark.pointer', { name }),
    receiptSheet: (facts) => receiptSheet(facts, language),
    allowedLevels: ['view', 'control'],
    onSession: (session) => process.send?.(session),
  })
  // A parent that asks, or is gone, ends the session as the customer would.
  const end = () => agent.leave()
  process.on('message', end)
  process.on('disconnect', end)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  await agent.run()
}
