"""Builds and serves a simulated authority and prints what it took: `measure.py SIGHTLINE FOLDER`. See measure.sh."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import time
import urllib.parse

SIMULATED = ["--children", "263000", "--known", "5000", "--months", "72", "--seed", "7"]
BUILDS = 5
PASSWORD = "four plain words for measuring"


def run(*command):
    """Seconds, and the peak memory of this one process in MB."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - before, usage.ru_maxrss / 1024


def build(sightline, work, form):
    project = work / form
    made, _ = run(sightline, "simulate", *SIMULATED, "--format", form, "--out", str(project))
    times, peaks = [], []
    for _ in range(BUILDS):
        for folder in ("releases", "state"):
            shutil.rmtree(project / folder, ignore_errors=True)
        seconds, peak = run(sightline, "build", str(project))
        times.append(seconds)
        peaks.append(peak)
    size = sum(file.stat().st_size for file in (project / "extracts").rglob("*") if file.is_file())
    print(f"build, {form}: {statistics.median(times):.2f} s in the middle of {BUILDS} ({min(times):.2f} to "
          f"{max(times):.2f}), peak {max(peaks):.0f} MB; {size / 1e6:.1f} MB of extracts, simulated in {made:.2f} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, sightline, project, *more):
        self.port = free_port()
        begun = time.perf_counter()
        self.process = subprocess.Popen([sightline, "serve", str(project), "--addr", f"127.0.0.1:{self.port}", *more],
                                        stdout=subprocess.DEVNULL)
        while True:
            try:
                if self.ask("/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.002)
        self.ready_ms = (time.perf_counter() - begun) * 1000

    def ask(self, path, method="GET", body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def wrk(self, cookie=None):
        more = ["-H", f"Cookie: {cookie}"] if cookie else []
        told = subprocess.run(["wrk", "-t2", "-c32", "-d8s", "--latency", "-H", "Accept-Encoding: gzip", *more,
                               f"http://127.0.0.1:{self.port}/"], check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in told:
            sys.exit(f"the first screen was refused:\n{told}")
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
        slowest = re.search(r"99%\s+(\S+)", told)[1]
        return f"{rate:,.0f} requests/s, p99 {slowest}"

    def stop(self):
        self.process.terminate()
        self.process.wait()


def serve(sightline, project):
    server = Server(sightline, project)
    resident = server.resident_mb()
    plain = server.ask("/")[1].decode()
    page = server.ask("/", headers={"Accept-Encoding": "gzip"})[1]
    assets = {path for path in re.findall(r'(?:href|src)="([^"]+\.(?:css|js|svg|woff2)[^"]*)"', plain)}
    weight = len(page) + sum(len(server.ask(urllib.parse.urljoin("/", path), headers={"Accept-Encoding": "gzip"})[1])
                             for path in assets)
    print(f"serve: ready in {server.ready_ms:.0f} ms, {resident:.0f} MB resident")
    print(f"first screen: {len(page) / 1024:.0f} KB compressed, {weight / 1024:.0f} KB with what it loads; {server.wrk()} "
          f"at 32 connections; {server.resident_mb():.0f} MB resident after that")
    server.stop()


def one_time_code(key):
    secret = base64.b32decode(key.replace(" ", "").upper() + "=" * (-len(key.replace(" ", "")) % 8))
    digest = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def serve_audited(sightline, project):
    """Behind sign-in: each page is sent once its line in the audit log is on disk."""
    settings = project / "partnership.toml"
    settings.write_text(settings.read_text() + '\n[identity]\nbase_url = "http://127.0.0.1:1"\n')
    told = subprocess.run([sightline, "user", "add", "measurer", "--role", "board", "--json", "-C", str(project)],
                          input=PASSWORD + "\n", check=True, capture_output=True, text=True).stdout
    server = Server(sightline, project)
    form = urllib.parse.urlencode(
        {"name": "measurer", "password": PASSWORD, "code": one_time_code(json.loads(told)["key"]), "to": ""})
    status, _, headers = server.ask("/sign-in", "POST", form, {
        "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"})
    if status not in (302, 303):
        sys.exit(f"signing in was refused: {status}")
    cookie = headers["Set-Cookie"].split(";")[0]
    print(f"first screen, audited: {server.wrk(cookie)} at 32 connections")
    server.stop()


def main():
    sightline, work = sys.argv[1], pathlib.Path(sys.argv[2])
    for form in ("csv", "parquet"):
        build(sightline, work, form)
    serve(sightline, work / "csv")
    audited = work / "audited"
    shutil.copytree(work / "csv", audited)
    serve_audited(sightline, audited)


if __name__ == "__main__":
    main()
