"""The bell rings on another person's screen while they look, and is answered."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen
from tests.e2e.test_pages import faults_of

pytestmark = pytest.mark.e2e
