"""Run the suite on a throwaway PostgreSQL with a throwaway Redis as broker and cache.

python -m tests.run_services -m "not browser" [anything else for pytest]
"""

import os
import subprocess
import sys

from tests.services import Missing, postgres, redis


def main(arguments: list[str]) -> int:
    try:
        with postgres() as database, redis() as queue:
            print(f"The suite on {database} with {queue} as broker and cache", flush=True)
            env = {"DATABASE_URL": database, "CELERY_BROKER_URL": f"{queue}/0", "CACHE_URL": f"{queue}/1"}
            return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=os.environ | env).returncode
    except Missing as reason:
        print(f"Not run on PostgreSQL and Redis. {reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
