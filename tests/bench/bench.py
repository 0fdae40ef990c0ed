#!/usr/bin/python3
"""What one pass over the quickstart's VPC costs, beside the floor (floor.c) in the same run.

bench.py BUILD-DIRECTORY [--passes N]     a release build with tests; needs stunnel4 and openssl

Prints CPU, API calls, resident and private memory, over plain HTTP and over TLS. Not a test: these
machines are noisy, so nothing here asserts a time. Numbers that were seen are kept in RESULTS.md."""
import argparse
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUICKSTART = HERE.parent.parent / "packaging" / "quickstart"


def start_simulator(build, work):
    simulator = subprocess.Popen(
        [build / "vpc-simulator", "--listen", "127.0.0.1:0", "--world", work / "world.json", "--log", work / "log"],
        stdout=subprocess.PIPE, text=True)
    return simulator, simulator.stdout.readline().split()[-1]


def start_stunnel(work, port):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", work / "key.pem",
                    "-out", work / "cert.pem"], check=True, stderr=subprocess.DEVNULL)
    # The real bundle plus ours: its size is part of what a process over TLS holds.
    bundle = Path("/etc/ssl/certs/ca-certificates.crt").read_text() + (work / "cert.pem").read_text()
    (work / "bundle.pem").write_text(bundle)
    tls_port = 40000 + os.getpid() % 20000
    (work / "stunnel.conf").write_text(
        f"foreground = yes\npid =\n[ec2]\naccept = 127.0.0.1:{tls_port}\nconnect = 127.0.0.1:{port}\n"
        f"cert = {work}/cert.pem\nkey = {work}/key.pem\n")
    stunnel = subprocess.Popen(["stunnel4", work / "stunnel.conf"], stderr=subprocess.DEVNULL)
    for _ in range(200):
        if subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{tls_port}"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return stunnel, f"https://127.0.0.1:{tls_port}"
        time.sleep(0.05)
    sys.exit("stunnel does not answer")


def cpu_ms(pid):
    """All threads' time on a CPU, in nanoseconds: /proc/PID/stat counts whole ticks only."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def memory(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kib = {name: int(value) for name, value in re.findall(r"^(\w+): +(\d+) kB", text, re.M)}
    return kib["Rss"] / 1024, kib["Private_Dirty"] / 1024


def passes_of(log, first):
    lines = log.read_text().splitlines()[first:]
    return sum('"DescribeSubnets"' in line for line in lines), len(lines)


def measure_daemon(build, work, url, passes, env):
    """Steady state: a pass each second, the first ones not counted."""
    state = Path(tempfile.mkdtemp(dir=work))
    daemon = subprocess.Popen([build / "vpc-reconciled", "--config", work / "config"],
                              env={**env, "AWS_ENDPOINT_URL": url, "STATE_DIRECTORY": str(state)},
                              stderr=subprocess.DEVNULL)
    log = work / "log"
    first = len(log.read_text().splitlines())
    while passes_of(log, first)[0] < 3:
        time.sleep(0.05)
    begin_pass, begin_calls = passes_of(log, first)
    begin_cpu = cpu_ms(daemon.pid)
    while passes_of(log, first)[0] < begin_pass + passes:
        time.sleep(0.5)
    end_pass, end_calls = passes_of(log, first)
    cpu = cpu_ms(daemon.pid) - begin_cpu
    rss, private = memory(daemon.pid)
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
    n = end_pass - begin_pass
    return {"cpu_ms_per_pass": cpu / n, "calls": round((end_calls - begin_calls) / n, 1), "rss_mib": rss,
            "private_dirty_mib": private}


def measure_floor(build, url, vpc, passes, env):
    out = subprocess.run([build / "tests" / "floor", url, vpc, str(passes)], env=env, check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--passes", type=int, default=60)
    options = parser.parse_args()
    build = options.build.resolve()
    env = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    env.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_REGION="ap-northeast-1")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copy(QUICKSTART / "world.json", work / "world.json")
        shutil.copytree(QUICKSTART / "config", work / "config")
        (work / "config" / "vpc-reconciled.json").write_text(
            '{"interval": "1s", "jitter": "0%", "confirm_after": {"route": "100ms", "create": "100ms"}}')
        vpc = json.loads((work / "world.json").read_text())["vpcSet"][0]["vpcId"]
        simulator, url = start_simulator(build, work)
        stunnel, tls_url = start_stunnel(work, url.rsplit(":", 1)[1])
        try:
            env["AWS_CA_BUNDLE"] = str(work / "bundle.pem")
            subprocess.run([build / "vpc-reconciled", "--config", work / "config", "--once"], check=True,
                           env={**env, "AWS_ENDPOINT_URL": url, "STATE_DIRECTORY": str(work)},
                           stderr=subprocess.DEVNULL)
            cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
            print(f"{platform.machine()}, {cpu.group(1) if cpu else '?'}, {os.cpu_count()} cores, "
                  f"{options.passes} passes a second apart, 1 VPC, 3 AZs")
            print(f"{'':22}{'CPU ms/pass':>12}{'calls':>7}{'bytes':>8}{'RSS MiB':>9}{'private MiB':>13}")
            for label, at in (("HTTP", url), ("TLS", tls_url)):
                floor = measure_floor(build, at, vpc, 200, env)
                daemon = measure_daemon(build, work, at, options.passes, env)
                print(f"{'floor, ' + label:22}{floor['cpu_ms_per_pass']:12.2f}{floor['calls']:7}{floor['bytes']:8}")
                print(f"{'vpc-reconciled, ' + label:22}{daemon['cpu_ms_per_pass']:12.2f}{daemon['calls']:7}{'':8}"
                      f"{daemon['rss_mib']:9.1f}{daemon['private_dirty_mib']:13.1f}")
        finally:
            for process in (stunnel, simulator):
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
