"""Which IP addresses are somebody's private network, and which are nobody's business at all. PURE."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Services of cloud providers that hand out credentials to whoever can reach them.
METADATA = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    )
)
NOT_GLOBAL = tuple(ip_network(block) for block in ("192.88.99.0/24", "fec0::/10", "64:ff9b:1::/48", "5f00::/16"))
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: the last 32 bits are the IPv4 address behind it
COMPATIBLE = IPv6Network("::/96")  # the same, deprecated; also holds :: and ::1
ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # the third quarter of an address whose last one is IPv4

Address = IPv4Address | IPv6Address


def is_private(address: Address) -> bool:
    """Loopback, private, link-local, shared (CGNAT), multicast, reserved or unspecified, in any disguise."""
    return any(_is_private(face) for face in faces(address))


def is_metadata(address: Address) -> bool:
    """A cloud provider's metadata service, in any disguise."""
    return any(face in METADATA for face in faces(address))


def faces(address: Address) -> list[Address]:
    """The address and the IPv4 address that an IPv6 one carries inside; Teredo's block is refused as a whole."""
    if isinstance(address, IPv4Address):
        return [address]
    inside: list[Address] = [address]
    inside += [mapped] if (mapped := address.ipv4_mapped) else []
    inside += [relayed] if (relayed := address.sixtofour) else []
    tail = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in TRANSLATED or address in COMPATIBLE or (int(address) >> 32) & 0xFFFF_FFFF in ISATAP:
        inside.append(tail)
    return inside


def _is_private(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in TRANSLATED):
        return False  # judged by the IPv4 address inside
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or any(address in block for block in NOT_GLOBAL if block.version == address.version)
    )
