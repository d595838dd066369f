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
  make-recording-keys [--operator-name NAME] [--retention-days DAYS] [--highest-level view|control|admin]
                      [--label-a LABEL] [--label-b LABEL] [--force]
      Makes the operator's key and one key of each group, and signs the policy that names them.
      Without it no session starts. --retention-days is 90 unless you say otherwise.
      With --highest-level no customer can grant more than that, whatever an expert asks.
  show-policy
      Shows what the operator vouches for.
  export-audit-log [--out FILE]
      Writes the whole audit log, one line for each event, and last the service's signed word on how far it goes.
      Keep copies elsewhere: a later log is checked against them.

Every command becomes a line of the audit log before it does anything.
Settings come from the environment, as for the service itself: LOTSE_DATA (./data), LOTSE_ORIGIN.
`
