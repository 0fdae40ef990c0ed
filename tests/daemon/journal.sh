#!/bin/bash
# Events reach a real journal with their fields. A private journald in a mount namespace of its own, so
# nothing of the machine is touched.
# usage: journal.sh PROGRAM; 77: cannot be tried here
set -euo pipefail
journald=/lib/systemd/systemd-journald
if [ "$(id -u)" != 0 ] || [ ! -x $journald ] || ! unshare --mount true 2>/dev/null; then
    echo "not checked: needs root, unshare and systemd-journald"
    exit 77
fi
exec unshare --mount --propagation private --fork bash -euo pipefail -c '
    journald=$1 program=$2
    mount -t tmpfs tmpfs /run
    mkdir -p /run/systemd/journald.conf.d /run/log/journal /run/config/vpcs.d
    printf "[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\nReadKMsg=no\nAudit=no\nRuntimeMaxUse=16M\n" \
        >/run/systemd/journald.conf.d/50-test.conf
    "$journald" >/run/journald.out 2>&1 &
    daemon=$!
    trap "kill $daemon; wait $daemon || true" EXIT
    for _ in $(seq 100); do
        [ -S /run/systemd/journal/stdout ] && break
        sleep .05
    done
    echo "{\"nam\": 1}" >/run/config/vpcs.d/a.json
    # As a service has it: stderr is the journal, and $JOURNAL_STREAM says so (systemd-cat does not, here).
    cat >/run/as-service <<END
#!/bin/bash
export JOURNAL_STREAM=\$(stat --dereference --format=%d:%i /proc/self/fd/2)
[ -z "\${2-}" ] || exec 2>"\$2"
exec "\$1" --config /run/config --once
END
    chmod +x /run/as-service
    status=0
    systemd-cat --identifier=test /run/as-service "$program" || status=$?
    [ $status = 78 ] || { echo "exit status $status, not 78"; exit 1; }
    # stderr somewhere else since: text there, nothing in the journal.
    systemd-cat --identifier=test /run/as-service "$program" /run/elsewhere || :
    journalctl --sync
    journalctl --quiet --output=json VPC_EVENT=config-invalid >/run/events
    /usr/bin/python3 - <<END
import json
events = [json.loads(line) for line in open("/run/events")]
place = [event for event in events if event.get("VPC_LINE") == "1" and "a.json:1:2: nam: unknown key" in event["MESSAGE"]]
assert len(place) == 1, events
event = place[0]
assert event["VPC_FILE"] == "/run/config/vpcs.d/a.json", event
assert event["PRIORITY"] == "3", event
assert len(event["MESSAGE_ID"]) == 32, event
assert event["_TRANSPORT"] == "journal", event
assert "a.json:1:2: nam: unknown key" in open("/run/elsewhere").read()
print(f"{len(events)} events, each with its fields")
END
' journal "$journald" "$1"
