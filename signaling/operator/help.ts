export const HELP = `Looks after a Lotse service. Run it on the machine and as the user that the service runs as.

  npm run operator -- COMMAND

  add-expert NAME [--team TEAM] [--password-stdin]
      Makes an account. Without --password-stdin a password is drawn and shown once.
  disable-expert NAME
      Ends an account; it can't log in any more and is logged out at once.
  list-experts
      Shows every account.
  make-recording-keys [--operator-name NAME] [--contact TEXT] [--retention-days DAYS]
                      [--highest-level view|control|admin] [--label-a LABEL] [--label-b LABEL] [--force]
      Makes the operator's key and one key of each group, and signs the policy that names them.
      Without it no session starts. --retention-days is 90 unless you say otherwise.
      --contact is whom customers ask about their recording, for example "datenschutz@example.org"; it stands on
      their receipts. With --highest-level no customer can grant more than that, whatever an expert asks.
  show-policy
      Shows what the operator vouches for.

Settings come from the environment, as for the service itself: LOTSE_DATA (./data), LOTSE_ORIGIN.
`
