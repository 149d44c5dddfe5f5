"""Prints 'PASSED FAILED' over JUnit reports (GoogleTest's and lit's).

usage: count.py REPORT.xml...      a report that is absent or broken is one failure
SPDX-License-Identifier: Apache-2.0
"""
import sys
import xml.etree.ElementTree as xml

passed = failed = 0
for report in sys.argv[1:]:
    try:
        cases = list(xml.parse(report).iter("testcase"))
    except (OSError, xml.ParseError):
        failed += 1
        continue
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is None and case.get("status", "run") == "run":
            passed += 1
print(passed, failed)
