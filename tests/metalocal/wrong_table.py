"""A table of patients with most of what can be wrong with a row."""

from __future__ import annotations

WRONG_TABLE = """\
patient,age,her2_status,metastatic_sites,metastatic_sites_absent,metastasis_count,presentation
a,48,positive,bone,,1,de_novo
b,480,positive,bone,,1,de_novo
,48,positive,bone,,1,de_novo
d,48,purple,bone,,1,de_novo
e,48,positive,bone,bone,1,de_novo
f,48,positive,bone; liver; lung,,1,de_novo
g,forty,,,,,
h,48,positive
i,,,,,,
a,50,unknown,,liver,,recurrent
k,48.0,low,brain,,3,recurrent
l,48,low,brain,,3,"recurrent
m,50,,,,,
"""
