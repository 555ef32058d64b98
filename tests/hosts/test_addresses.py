from __future__ import annotations

from ipaddress import ip_address

import pytest

from hosts.addresses import is_metadata, is_private

PRIVATE = """
    127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.1.1 100.64.0.1 100.127.255.255
    0.0.0.0 0.1.2.3 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.0.0.1 192.0.2.1 198.18.0.1
    198.51.100.1 203.0.113.1 192.88.99.1
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 fec0::1 2001:db8::1 100::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::10.0.0.1
    2002:7f00:1:: 2002:a00:1:: 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 64:ff9b:1::8.8.8.8
    2001:0:7f00:1:: 2001:0:808:808:0:0:80ff:fffe 2a00:1450::5efe:10.0.0.1 2a00:1450::200:5efe:127.0.0.1
"""

PUBLIC = """
    8.8.8.8 118.69.164.19 1.1.1.1 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 192.167.1.1
    2a00:1450:4001:81b::200e 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
"""

METADATA = """
    169.254.169.254 169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192 fd00:ec2::254
    ::ffff:169.254.169.254 64:ff9b::169.254.169.254 2002:a9fe:a9fe::
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_it_knows_private_addresses_in_every_disguise(address: str) -> None:
    assert is_private(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_it_leaves_public_addresses_alone(address: str) -> None:
    assert not is_private(ip_address(address))
    assert not is_metadata(ip_address(address))


@pytest.mark.parametrize("address", METADATA.split())
def test_it_knows_the_metadata_services(address: str) -> None:
    assert is_metadata(ip_address(address))
