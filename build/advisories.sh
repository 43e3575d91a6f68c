#!/usr/bin/env bash
# What continuous integration asks about the packages, those of packages too: known advisories (NU1901 to NU1904) are printed, and one for
# which the feed serves a mended version fails. No part of a build: an advisory published after a release must not break a user's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source build/prerequisites.sh
need_dotnet

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sources as they are, asked for advisories too: one that has none then says so (NU1905) instead of finding nothing.
{
    echo '<configuration>'
    for list in packageSources auditSources; do
        echo "<$list><clear/>"
        dotnet nuget list source --format short | sed -n 's/^E //p' | sed 's/&/\&amp;/g' |
            awk '{ printf "<add key=\"source%d\" value=\"%s\"/>\n", NR, $0 }'
        echo "</$list>"
    done
    echo '</configuration>'
} >"$work/nuget.config"

# Restores what is named with an audit of everything, and gives the warnings.
audit() {
    dotnet restore "$1" --configfile "$work/nuget.config" --force -nologo --tl:off -v m -p:TreatWarningsAsErrors=false \
        -p:NuGetAudit=true -p:NuGetAuditMode=all -p:NuGetAuditLevel=low 2>&1 | { grep -oE 'NU190[0-5]: .*' || true; } | sed 's/ \[[^]]*\]$//' | sort -u
}

say "Asking the feed for advisories"
warnings=$(audit Vallhalla.Portal.sln)
if grep -qE 'NU190[05]' <<<"$warnings"; then
    echo "No answer about advisories: the package feed serves no vulnerability data, or could not be asked. Nothing is known either way."
fi
known=$(grep -E 'NU190[1-4]' <<<"$warnings" || true)
if [ -z "$known" ]; then
    grep -qE 'NU190[05]' <<<"$warnings" || echo "No advisory is known for any package."
    exit 0
fi

echo "$known"
mended=
while read -r package; do
    # The newest version that is served, judged in the same way.
    mkdir -p "$work/$package"
    cat >"$work/$package/newest.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="$package" Version="*" /></ItemGroup>
</Project>
PROJECT
    if ! grep -qF "'$package'" <<<"$(audit "$work/$package/newest.csproj")" && [ -f "$work/$package/obj/project.assets.json" ]; then
        mended="$mended $package"
    fi
done < <(sed -n "s/.*Package '\([^']*\)'.*/\1/p" <<<"$known" | sort -u)
[ -z "$mended" ] || stop "The feed serves a version without the advisory of:$mended. Take it in Directory.Packages.props."
echo "For none of them the feed serves a mended version."
