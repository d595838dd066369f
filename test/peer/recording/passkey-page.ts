import { openWithPasskey, sealWithPasskey } from '../../../peer/recording/passkey-file.ts'

/** What an auditor's page would do, for the test to call in a real browser. */
declare global {
  var passkeys: { sealWithPasskey: typeof sealWithPasskey; openWithPasskey: typeof openWithPasskey }
}

globalThis.passkeys = { sealWithPasskey, openWithPasskey }
