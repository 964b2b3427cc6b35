#!/usr/bin/env bash
# Contrôle du dossier sans logiciel particulier :  bash verify.sh [FEUILLE_TEMOIN] [AUTORITE.pem]
# FEUILLE_TEMOIN : feuille d'ancrage reçue à son époque par un tiers ; AUTORITE.pem : autorité d'horodatage.
# Code de sortie : 0 tout concorde, 1 quelque chose a été changé, 2 contrôle impossible.
set -u; export LC_ALL=C
mauvais() { printf 'ECHEC : %s\n' "$*"; exit 1; }
impossible() { printf 'CONTROLE IMPOSSIBLE : %s\n' "$*"; exit 2; }
empreinte() { local h; h=$(sha256sum) && printf '%s' "${h%% *}"; }
[ "${BASH_VERSINFO[0]}" -ge 4 ] || impossible "il faut bash 4 ou plus récent"; shopt -s globstar dotglob nullglob
for outil in sha256sum openssl grep cut; do command -v $outil > /dev/null || impossible "il manque $outil"; done
zero=$(printf '%064d' 0); temoin=; suite=; jeton=; autorite=${2:-}; liees=0; declare -a tetes=(); declare -A rang=()
[ -z "${1:-}" ] || { [ -r "$1" ] || impossible "feuille témoin illisible"; temoin=$(empreinte < "$1"); IFS= read -r suite < "$1"; }
[ -z "$autorite" ] || { [ -r "$autorite" ] || impossible "autorité illisible"; [[ $autorite == /* ]] || autorite=$PWD/$autorite; }
[[ ${BASH_SOURCE[0]} != */* ]] || cd -- "${BASH_SOURCE[0]%/*}" || impossible "dossier introuvable"
# 1. Les fichiers : aucun changé, retiré ni ajouté.
[ -f SHA256SUMS ] || mauvais "SHA256SUMS manque"
! grep -qavE '^[0-9a-f]{64}  [A-Za-z0-9._/-]+$' SHA256SUMS || mauvais "SHA256SUMS est malformé"
for f in **; do
  [ ! -L "$f" ] || mauvais "lien ajouté : $f"; [ -d "$f" ] || [ -f "$f" ] || mauvais "ce n'est pas un fichier : $f"
  [ -d "$f" ] || [ "$f" = SHA256SUMS ] || { [[ $f != *[!A-Za-z0-9._/-]* ]] && cut -c67- SHA256SUMS | grep -qxF -e "$f"; } || mauvais "fichier ajouté : $f"
done
sha256sum -c SHA256SUMS 2> /dev/null | grep -v ': OK$'; [ "${PIPESTATUS[0]}" = 0 ] || mauvais "un fichier a été changé ou retiré"
# 2. Le journal : chaque ligne porte l'empreinte de la précédente.
lien=$zero; n=0; ! grep -qavE '^[0-9a-f]{64} \{[ -~]*\}$' journal.txt || mauvais "journal : ligne malformée"
while IFS= read -r ligne; do
  n=$((n + 1)); [ "${ligne:0:64}" = "$lien" ] || mauvais "journal, ligne $n : rupture de chaîne"
  [[ $ligne == *\"seq\":$n[,}]* ]] || mauvais "journal, ligne $n : numéro inattendu"
  lien=$(printf '%s\n' "$ligne" | empreinte); tetes[n]=$lien
done < journal.txt
# 3. Les sels : la tête annoncée, les têtes ancrées, les pièces que le journal connaît.
! grep -qavE '^(tete [0-9]+|ancre ancre-[0-9-]{10}\.txt [0-9]+|piece pieces/[a-z0-9.-]+) [0-9a-f]{64}$' sels.txt || mauvais "sels.txt est malformé"
grep -qxF "tete $n $lien" sels.txt || mauvais "le journal ne finit pas où le dossier l'annonce"
while read -r quoi a b c; do
  if [ "$quoi" = ancre ]; then
    grep -qxF -e "$(printf '%s' "$c${tetes[10#$b]:-}" | empreinte)" "ancres/$a" || mauvais "tête absente de l'ancre $a"; rang[$a]=$b
  elif [ "$quoi" = piece ]; then
    grep -qF -e "$({ printf '%s' "$b"; openssl enc -none -in "$a"; } | empreinte)" journal.txt || mauvais "$a : inconnu du journal"; liees=$((liees + 1))
  fi
done < sels.txt
# 4. Les ancres : chaque feuille porte l'empreinte de la précédente ; le témoin et les jetons viennent du dehors.
precedent=; portee=0; garanti=0; preuve=; vu=
for f in ancres/ancre-*.txt; do
  read -r lien < "$f"; [ -z "$precedent" ] || [ "$lien" = "$precedent" ] || mauvais "$f : chaîne des ancres rompue"
  precedent=$(empreinte < "$f"); r=${rang[${f#ancres/}]:-0}; [ "$r" -le "$portee" ] || portee=$r
  [ -z "$temoin" ] || [ "$precedent" != "$temoin" ] || { vu=$f; garanti=$portee; preuve="la feuille témoin $f"; }
  [ -z "$autorite" ] || [ ! -f "$f.tsr" ] || {
    openssl ts -verify -data "$f" -in "$f.tsr" -CAfile "$autorite" > /dev/null 2>&1 || mauvais "$f : horodatage refusé"
    garanti=$portee; jeton=$(openssl ts -reply -in "$f.tsr" -text 2> /dev/null | grep '^Time stamp: ' | cut -c13-)
    preuve="l'horodatage de $f, donné le $jeton"; }
done
# La feuille du soir suivant porte l'empreinte de la dernière de ce dossier : elle témoigne pour elle.
[ -z "$temoin" ] || [ -n "$vu" ] || [ "$suite" != "$precedent" ] || { vu=suivante; garanti=$portee; preuve="la feuille témoin du soir suivant"; }
[ -z "$temoin" ] || [ -n "$vu" ] || mauvais "la feuille témoin n'est pas parmi les ancres : elles ont été remplacées, ou elle est d'un autre jour que les leurs"
[ -z "$temoin$autorite" ] || [ "$garanti" -gt 0 ] || mauvais "rien de ce journal n'est ancré par ce témoin ou cette autorité"
printf 'Fichiers conformes au manifeste %s\n' "$(empreinte < SHA256SUMS)"
printf 'Cette empreinte doit être celle de la lettre d%saccompagnement.\n' "'"
printf 'Journal : %s lignes, chaîne intacte, ancrées jusqu%sà la ligne %s.\n' "$n" "'" "$portee"
pieces=(pieces/*); printf 'Pièces : %s fichiers, dont %s nommés par le journal ; le manifeste seul protège les autres.\n' "${#pieces[@]}" "$liees"
[ "$garanti" -eq 0 ] || { printf 'Lignes 1 à %s : inchangées depuis %s.\n' "$garanti" "$preuve"
  [ "$garanti" -ge "$n" ] || printf 'Lignes %s à %s : non couvertes par cette preuve.\n' "$((garanti + 1))" "$n"
  [ -z "$jeton" ] || printf 'Un horodatage vaut à sa date : elle doit suivre de près celle de la feuille.\n'; exit 0; }
echo "Sans feuille témoin ni jeton d'horodatage vérifié, ce contrôle ne peut pas promettre que le journal,"
echo "les ancres et le manifeste n'ont pas été réécrits ensemble : bash verify.sh FEUILLE_TEMOIN [AUTORITE.pem]"
