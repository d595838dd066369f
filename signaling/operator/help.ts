export const HELP = `Looks after a Lotse service. Run it on the machine and as the user that the service runs as.

  npm run operator -- COMMAND

  add-expert NAME [--team TEAM] [--password-stdin]
      Makes an account for one who helps. Without --password-stdin a password is drawn and shown once.
  add-auditor NAME [--team TEAM] [--password-stdin]
      Makes an account for one who may ask for recordings. Opening one takes two of them, each with their own key.
  disable-account NAME
      Ends an account; it can't log in any more and is logged out at once.
  list-accounts
      Shows every account.
  make-recording-keys [--operator-name NAME] [--contact TEXT] [--retention-days DAYS]
                      [--highest-level view|control|admin] [--label-a LABEL] [--recipient-a age1...]
                      [--label-b LABEL] [--recipient-b age1...] [--force]
      Once, at the start: makes the operator's key and signs the policy that names who can open recordings.
      Without it no session starts. --retention-days is 90 unless you say otherwise.
      The two people give you the public half of a key of theirs (npm run make-group-key); a group without a
      recipient gets a key made here, unprotected.
      --contact is whom customers ask about their recording, for example "datenschutz@example.org"; it stands on
      their receipts. With --highest-level no customer can grant more than that, whatever an expert asks.
  add-recording-key --group A|B --label LABEL --recipient age1... [--operator-key FILE]
      Lets one more person open recordings, together with one of the other group.
  retire-recording-key RECIPIENT [--operator-key FILE]
      Ends that for what is recorded from now on.
  change-policy [--operator-name NAME] [--contact TEXT] [--retention-days DAYS]
                [--highest-level view|control|admin|all] [--add-recorder NAME --recorder-key FILE] [--remove-recorder NAME] [--operator-key FILE]
      Changes the rest. These three sign a new policy with the same operator key, so clients need nothing new. Run
      them where the operator key and a copy of signaling/policy.json are: not on the server.
  show-policy
      Shows what the operator vouches for, and warns of what should be set right.
  export-audit-log [--out FILE]
      Writes the whole audit log, one line for each event, and last the service's signed word on how far it goes.
      Keep copies elsewhere: a later log is checked against them.

Every command becomes a line of the audit log before it does anything.
Settings come from the environment, as for the service itself: LOTSE_DATA (./data), LOTSE_ORIGIN.
`
