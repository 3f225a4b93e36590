"""The releases of a target, and what of them is damaged."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from press.release import ledger
from press.release.ledger import MANIFEST, VERSIONS, DamageError, Versions
from press.release.opening import open_target, told_failures
from press.release.targets import Target, TargetError


def list_releases(where: str, *, every: bool = False) -> tuple[Versions, list[str]]:
    """What a target's `versions.json` says, and what is damaged: of its records, of the current release, and of all
    others too if asked for `every` file.

    A publish that is under way may look like damage: then it is waited for.
    """
    with told_failures(where):
        target = open_target(where)
        found = None
        with suppress(OSError, TargetError):
            found = _looked_through(target, every)
        if found and not found[1]:
            return found
        try:
            with target.hold_lock():
                return _looked_through(target, every)
        except (OSError, TargetError):
            if found is None:
                raise
            return found  # to one who may only read


def _looked_through(target: Target, every: bool) -> tuple[Versions, list[str]]:
    target.look()
    versions, damage = ledger.read_versions(target)
    damage += _hidden(target, VERSIONS)
    for one, manifest in ledger.manifests(target, versions.releases):
        if isinstance(manifest, DamageError):
            damage.append(str(manifest))
            continue
        damage += _hidden(target, one.address(MANIFEST))
        current = one.name == versions.current
        if current:
            damage += [
                f"{name}: does not lead to the current release" for name in target.broken(one.name, manifest.places())
            ]
            damage += sentences(ledger.damaged(target, versions.front))
        if (current or every) and not one.retired:
            damage += sentences(ledger.damaged(target, ledger.wanted(one, manifest)))
    return versions, damage


def _hidden(target: Target, address: str) -> list[str]:
    """A sentence for a record that who serves the target may not read."""
    return [f"{address}: may not be read by others"] if target.is_hidden(address) else []


def sentences(damage: Mapping[str, str]) -> list[str]:
    return [f"{address}: {reason}" for address, reason in damage.items()]
