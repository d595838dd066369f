import '../../../expert-ui/style/fonts.css'
import '../../../expert-ui/style/tokens.css'
import '../../../expert-ui/style/base.css'
import '../../../expert-ui/style/controls.css'
import { mount, unmount } from 'svelte'
import AuditorPlayer from '../../../expert-ui/auditor/AuditorPlayer.svelte'
import { httpSource } from '../../../expert-ui/playback/http-source.ts'
import { Playback } from '../../../expert-ui/playback/playback.ts'
import type { RecordingSource } from '../../../expert-ui/playback/source.ts'
import { words } from '../../../expert-ui/words/words.svelte.ts'
import { accessibilityFaults } from './accessibility.ts'

/** The player around a recording that the test's server hands out. Built by tests only. */
const asked = new URL(location.href).searchParams
let opened: Playback | null = null
const player = mount(AuditorPlayer, {
  target: document.body,
  props: {
    source: httpSource('of-the-test'),
    facts: {
      expertName: 'Anna Berg',
      expertTeam: 'Hotline Nord',
      caseNumber: 'BD-2026-0417',
      reason: 'Beschwerde des Kunden vom 3. März',
      requestedBy: 'Katrin Voss',
      approvedBy: 'Jens Ohlsen',
    },
    endsAtMs: Date.now() + Number(asked.get('seconds') ?? 3_000) * 1000,
    onClose: () => {
      void unmount(player)
      document.body.dataset.closed = 'yes'
    },
    createPlayback: (document: Document, source: RecordingSource) => {
      opened = new Playback(document, source)
      return opened
    },
    accessibilityFaults,
  },
})
document.documentElement.lang = words.language

/** What the test asks for; decrypted pictures are to be had in pages built by tests alone. */
Object.assign(globalThis, {
  lotsePlayback: {
    get playback() {
      return opened
    },
    accessibilityFaults,
  },
})
