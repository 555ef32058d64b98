"""What can go wrong while bytes move. A branch of the tree in hosts/base.py.

TransferProblem
├── NetworkProblem          the line or the server, try again
│   ├── ConnectFailed       refused, unreachable, DNS, TLS
│   ├── Stalled             the line is open and silent
│   ├── TooSlow             a byte now and then: another address may lead to a better server
│   ├── CutShort            fewer bytes than promised
│   └── ServerBusy          429, 471, 5xx
├── AddressExpired          401, 403, 404, 410 from the file server: mint a new address
├── NotTheFile              an HTML or JSON page where the file should be
├── RemoteChanged           the file on the host is no longer the one we began   until the user chooses
├── SizeMismatch            host, server and disk disagree about the length      permanent
├── ChecksumMismatch        every byte arrived and the sum is wrong              permanent
└── DiskProblem
    ├── PartInUse           an earlier attempt has not let go of it              for a moment
    ├── DiskFull            waits for space
    ├── DiskAway            not mounted, unplugged: waits until it is back
    ├── FileTooLarge        more than the file system can hold in one file       until the user acts
    ├── DiskRefused         read-only, no permission                             until the user acts
    └── PathRefused         the name or folder leads outside the download root   permanent
"""

from __future__ import annotations

from hosts.base import Cure, TransferProblem, gettext_noop


class NetworkProblem(TransferProblem):
    code = "network"
    blames_host = True


class ConnectFailed(NetworkProblem):
    code = "connect_failed"
    sentence = gettext_noop("No connection to {server}: {detail}. It will be tried again.")


class Stalled(NetworkProblem):
    code = "stalled"
    sentence = gettext_noop("{server} sent nothing for {seconds} seconds. It will be tried again.")


class TooSlow(NetworkProblem):
    code = "too_slow"
    sentence = gettext_noop("{server} sent only {bytes} bytes in {seconds} seconds. It will be tried again.")


class CutShort(NetworkProblem):
    code = "cut_short"
    sentence = gettext_noop("{server} ended the transfer early. It goes on from where it stopped.")


class ServerBusy(NetworkProblem):
    code = "server_busy"
    sentence = gettext_noop("{server} answered {status}. It will be tried again.")
    doubtful = gettext_noop("{server} answered {status}, or the proxy {proxy} in its place. It will be tried again.")


class WrongAnswer(NetworkProblem):
    code = "wrong_answer"
    sentence = gettext_noop("{server} sent something else than was asked for ({detail}). It will be tried again.")


class AddressExpired(TransferProblem):
    code = "address_expired"
    sentence = gettext_noop("The download address ended (answer {status}). A new one is asked for.")
    doubtful = gettext_noop(
        "The download address ended (answer {status}), or the proxy {proxy} refuses it. A new one is asked for."
    )


class NotTheFile(TransferProblem):
    code = "not_the_file"
    sentence = gettext_noop("{server} sent a web page instead of the file. It will be tried again.")


class RemoteChanged(TransferProblem):
    code = "remote_changed"
    needs_user = True
    sentence = gettext_noop(
        "The file on the host keeps changing. What came of it is set aside. "
        "Begin anew with the file that is there now, leave it waiting, or remove it."
    )


class SizeMismatch(TransferProblem):
    code = "size_mismatch"
    permanent = True
    sentence = gettext_noop(
        "The host promised {expected} bytes, the server has {actual}. Nothing was kept as finished."
    )


class ChecksumMismatch(TransferProblem):
    code = "checksum_mismatch"
    permanent = True
    sentence = gettext_noop("The checksum does not match: the file on the host is damaged or another one.")


class DiskProblem(TransferProblem):
    code = "disk"


class PartInUse(DiskProblem):
    code = "part_in_use"
    sentence = gettext_noop("An earlier attempt has not let go of the part file yet. It goes on in a moment.")


class DiskFull(DiskProblem):
    code = "disk_full"
    cure = Cure.SPACE
    sentence = gettext_noop("Not enough space: {needed} needed, {free} free. It starts by itself when there is room.")


class DiskAway(DiskProblem):
    code = "disk_away"
    sentence = gettext_noop(
        "The folder {folder} is not there or does not answer: {detail}. It goes on by itself when its disk is back."
    )


class FileTooLarge(DiskProblem):
    code = "file_too_large"
    needs_user = True
    sentence = gettext_noop(
        "The file system of {folder} takes no file as large as this one (FAT takes none above 4 GB). "
        "Choose a folder on another one, then remove this row and add its link again."
    )


class DiskRefused(DiskProblem):
    code = "disk_refused"
    needs_user = True
    sentence = gettext_noop("The folder {folder} cannot be written: {detail}. Correct its permissions, then retry.")


class PathRefused(DiskProblem):
    code = "path_refused"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop("The name leads outside the download folder and was refused.")
