#!/usr/bin/python3
"""Holds prefixes against Python's ipaddress: prefix_oracle.py DUMP, where DUMP is the program prefix_dump.

Some thousand random prefixes and pairs of them (related more often than chance would have it), and texts with
one character changed, from a seed that is printed.
"""
import ipaddress
import random
import subprocess
import sys

N_PAIRS = 6000
N_BROKEN = 4000


def random_address(rng, version):
    """Few bits set or few clear, so that runs of zeros, and borders, come up."""
    bits = 32 if version == 4 else 128
    kind = rng.random()
    if kind < 0.3:
        value = rng.getrandbits(bits)
    elif kind < 0.6:
        value = rng.getrandbits(bits) & rng.getrandbits(bits) & rng.getrandbits(bits) & rng.getrandbits(bits)
    elif kind < 0.8:
        groups = [rng.choice([0, 0, 0, 1, 0xffff, rng.getrandbits(16)]) for _ in range(bits // 16)]
        value = 0
        for group in groups:
            value = value << 16 | group
    else:
        value = (1 << bits) - 1 ^ (rng.getrandbits(bits) & rng.getrandbits(bits) & rng.getrandbits(bits))
    return ipaddress.IPv4Address(value) if version == 4 else ipaddress.IPv6Address(value)


def spelled(rng, address):
    """An IPv6 address may be written in many ways."""
    if address.version == 4 or rng.random() < 0.4:
        return str(address)
    text = address.exploded if rng.random() < 0.5 else ":".join(
        f"{int(group, 16):x}" for group in address.exploded.split(":"))
    return text.upper() if rng.random() < 0.5 else text


def random_prefix(rng):
    address = random_address(rng, rng.choice([4, 6]))
    return address, rng.choice([0, address.max_prefixlen, rng.randint(0, address.max_prefixlen)])


def related(rng, address, length):
    """The same network, one within or around it, a neighbour, or any."""
    kind = rng.random()
    value = int(address)
    if kind < 0.4:
        length = rng.randint(0, address.max_prefixlen)
    elif kind < 0.8 and length > 0:
        value ^= 1 << (address.max_prefixlen - rng.randint(1, address.max_prefixlen))
        length = rng.randint(0, address.max_prefixlen)
    elif kind > 0.9:
        return random_prefix(rng)
    return type(address)(value), length


def canonical(network):
    """RFC 5952 (5.): an IPv4-mapped address ends in dotted numbers; Python writes them so from 3.13 on only."""
    mapped = network.version == 6 and network.network_address.ipv4_mapped
    return f"::ffff:{mapped}/{network.prefixlen}" if mapped else network.compressed


def read(text):
    """The network that a text means, or None. Python takes some that EC2 and we do not."""
    address, slash, length = text.partition("/")
    if not slash or not length.isascii() or not length.isdigit() or (length != "0" and length[0] == "0"):
        return None
    if "%" in address:  # a zone
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def broken(rng, text):
    at = rng.randrange(len(text))
    character = rng.choice("0123456789abcdefg.:/%-+")
    return rng.choice([text[:at] + character + text[at:], text[:at] + text[at + 1:],
                       text[:at] + character + text[at + 1:]])


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().getrandbits(32)
    rng = random.Random(seed)
    pairs = []
    for _ in range(N_PAIRS):
        a = random_prefix(rng)
        b = related(rng, *a)
        pairs.append(tuple(f"{spelled(rng, address)}/{length}" for address, length in (a, b)))
    for _ in range(N_BROKEN):
        address, length = random_prefix(rng)
        text = broken(rng, f"{spelled(rng, address)}/{length}")
        pairs.append((text or "/", f"{address}/{length}"))
    addresses = [random_address(rng, rng.choice([4, 6])) for _ in range(1000)]
    lines = [" ".join(pair) for pair in pairs] + [f"address {spelled(rng, address)}" for address in addresses]
    expected = []
    n_refused = 0
    for first, second in pairs:
        a, b = read(first), read(second)
        n_refused += a is None
        same = a is not None and b is not None and a.version == b.version
        expected.append(" ".join([
            canonical(a) if a else "-", canonical(b) if b else "-", str(int(same and b.subnet_of(a))),
            str(int(same and a.subnet_of(b))), str(int(same and a.overlaps(b))), str(int(same and a == b))]))
    expected += [canonical(ipaddress.ip_network(int(a) if a.version == 4 else a)) for a in addresses]
    got = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", text=True, check=True,
                         stdout=subprocess.PIPE).stdout.splitlines()
    wrong = [f"{line}\n  we:     {mine}\n  Python: {theirs}"
             for line, mine, theirs in zip(lines, got, expected) if mine != theirs]
    if wrong:
        print("\n".join(wrong[:20]))
    print(f"seed {seed}: {len(lines)} lines, {n_refused} of them no prefix, {len(wrong)} differ from Python's ipaddress")
    sys.exit(1 if wrong or len(got) != len(lines) or n_refused < N_BROKEN // 10 else 0)


main()
