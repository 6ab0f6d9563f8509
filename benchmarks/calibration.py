"""Calibrated scores: the best files found by simulated juries, how honest the intervals are, speed beside two peers.

    python benchmarks/calibration.py --home DIR [--calls 80] [--first-seed 0] [--without-peers] [--large]

Recall: the share of the truly best 39 of 273 files that each way of scoring puts in its first 39. "known" is told the
true severity, slope and noise of each juror: nothing can do better. Coverage: how often intervals said to hold 95 %
hold the truth: the mean score that the whole panel would give, and the true rank. gpboost and statsmodels are
installed into their own environment under --home and given the same scores; CPU seconds, median of the rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

PEERS = ["gpboost==1.8.0", "statsmodels"]
TAKEN, POINTS = 39, 1.5
SCENARIOS = {
    "severity .35, slope .10": {"severity": 0.35, "slope": 0.10},
    "severity .70, slope .25 (central)": {},
    "severity 1.0, slope .35": {"severity": 1.0, "slope": 0.35},
    "central, 2 reviews": {"reviews": 2},
    "central, 4 reviews": {"reviews": 4},
    "central, 80 jurors": {"jurors": 80},
    "jurors prefer their region": {"own": True},
    "and regions truly differ": {"own": True, "gap": 0.5},
    "central, noise differs (sd .4)": {"uneven": 0.4},
    "central, scale used less (1.2)": {"points": 1.2},
    "central, scale used more (1.8)": {"points": 1.8},
}


def simulate(seed, *, files=273, jurors=40, reviews=3, severity=0.7, slope=0.25, noise=0.8, **more):
    """One call: (file, juror, score, quality, bias, slope, noise by juror); whole scores from 1 to 10."""
    random = np.random.default_rng(seed)
    regions = 13
    home, seat = random.integers(0, regions, files), np.arange(jurors) % regions
    quality = random.standard_normal(files) + more.get("gap", 0.0) * random.standard_normal(regions)[home]
    bias = severity * random.standard_normal(jurors)
    gain = np.exp(slope * random.standard_normal(jurors))
    sd = noise * np.exp(more.get("uneven", 0.0) * random.standard_normal(jurors))
    load, chosen = np.zeros(jurors), np.empty((files, reviews), dtype=np.int64)
    for i in random.permutation(files):
        cost = load + 0.9 * random.random(jurors) - 3.0 * (more.get("own", False) & (seat == home[i]))
        chosen[i] = np.argsort(cost)[:reviews]
        load[chosen[i]] += 1
    file, juror = np.repeat(np.arange(files), reviews), chosen.ravel()
    seen = gain[juror] * quality[file] + bias[juror] + sd[juror] * random.standard_normal(len(file))
    points = more.get("points", POINTS)
    return file, juror, np.clip(np.rint(5.5 + points * seen), 1, 10), quality, bias, gain, sd, points


def means_of(group, values):
    return np.bincount(group, values) / np.bincount(group)


def z_scores(file, juror, score):
    mean = means_of(juror, score)
    sd = np.sqrt(means_of(juror, (score - mean[juror]) ** 2)) + 1e-9
    return means_of(file, (score - mean[juror]) / sd[juror])


def known(file, juror, score, bias, gain, sd, points):
    """The posterior mean with everything known of the jurors."""
    weight = gain[juror] / sd[juror] ** 2
    seen = (score - 5.5) / points - bias[juror]
    return np.bincount(file, weight * seen) / (1 + np.bincount(file, weight * gain[juror]))


def expected(quality, bias, gain, sd, points):
    """The score that the average juror of the panel would give, noise, rounding and the scale's ends included."""
    from scipy.stats import norm

    noise = norm.ppf((np.arange(41) + 0.5) / 41)
    seen = gain[:, None, None] * quality[:, None] + bias[:, None, None] + sd[:, None, None] * noise
    return np.clip(np.rint(5.5 + points * seen), 1, 10).mean(axis=(0, 2))


def one_call(seed, options):
    """(recalls, coverages) of a simulated call."""
    from terreau.methods.scoring.calibration import calibrate

    file, juror, score, quality, bias, gain, sd, points = simulate(seed, **options)
    n, best = len(quality), set(np.argsort(-quality)[:TAKEN])
    ways = {"raw": means_of(file, score), "z-score": z_scores(file, juror, score)}
    truth = expected(quality, bias, gain, sd, points)
    true_rank = n - np.argsort(np.argsort(quality))
    coverage = {}
    for name, with_gain in (("no slope", False), ("default", "auto")):
        found = calibrate(file, juror, score, files=n, jurors=len(bias), gain=with_gain, seed=seed)
        error = found.mean - found.mean.mean() - (truth - truth.mean())
        coverage[name] = np.mean(np.abs(error) <= 1.959964 * found.sd)
        coverage[f"{name}, ranks"] = np.mean((found.rank_low <= true_rank) & (true_rank <= found.rank_high))
        ways[name] = found.mean
    ways["known"] = known(file, juror, score, bias, gain, sd, points)
    recalls = {k: len(best & set(np.argsort(-v, kind="stable")[:TAKEN])) / TAKEN for k, v in ways.items()}
    return recalls, coverage


def quality_table(calls, first):
    names = ("raw", "z-score", "no slope", "default", "known")
    told = ("no slope", "no slope, ranks", "default", "default, ranks")
    print(f"Recall of the best {TAKEN} of 273 over {calls} calls, then coverage at 95 %")
    print(f"{'':34}" + "".join(f"{n:>10}" for n in names) + f"{'gain':>14}" + "".join(f"{n:>17}" for n in told))
    for name, options in SCENARIOS.items():
        results = [one_call(first + seed, options) for seed in range(calls)]
        recalls = {k: np.array([r[k] for r, _ in results]) for k in names}
        gain = 100 * (recalls["default"] - recalls["raw"])
        line = "".join(f"{recalls[k].mean():10.3f}" for k in names)
        line += f"{gain.mean():+8.1f} ±{gain.std(ddof=1) / np.sqrt(calls):4.1f}"
        line += "".join(f"{np.mean([c[k] for _, c in results]):17.3f}" for k in told)
        print(f"{name:34}{line}", flush=True)


def timed(work, rounds):
    """Median CPU seconds, and the last answer."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        answer = work()
        spent.append(time.process_time() - start)
    return float(np.median(spent)), answer


def peer(path):
    """Run inside the peers' environment: fit, predict, print JSON."""
    data = np.load(path)
    file, juror, score = data["dossier"], data["juror"], data["score"]
    found = {}
    import gpboost

    def boosted():
        model = gpboost.GPModel(group_data=np.column_stack([file, juror]), likelihood="gaussian")
        model.fit(y=score, X=np.ones((len(score), 1)))
        return model.predict_training_data_random_effects()

    rounds = int(data["rounds"])
    seconds, effects = timed(boosted, rounds)
    by_file = np.zeros(file.max() + 1)
    by_file[file] = np.asarray(effects)[:, 0]
    found["gpboost, ML"] = {"seconds": seconds, "quality": by_file.tolist()}
    if rounds > 1:
        import warnings

        import pandas as pd
        import statsmodels.api as sm

        warnings.simplefilter("ignore")
        frame = pd.DataFrame({"score": score, "file": file, "juror": juror, "one": 1.0})
        parts = {"file": "0 + C(file)", "juror": "0 + C(juror)"}
        model = sm.MixedLM.from_formula("score ~ 1", groups="one", vc_formula=parts, data=frame)
        seconds, fit = timed(lambda: model.fit(reml=True), 1)
        quality = fit.random_effects[1.0].filter(like="file[").to_list()  # in the files' order
        found["statsmodels, REML"] = {"seconds": seconds, "quality": quality}
    print(json.dumps(found))


def peer_python(home):
    folder = home / "mixed-models"
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return folder / "bin" / "python"


def peers(home, file, juror, score, rounds):
    path = home / "reviews.npz"
    np.savez(path, dossier=file, juror=juror, score=score, rounds=rounds)
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    command = [peer_python(home), __file__, "--peer", path]
    done = subprocess.run(command, env=clean, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def speed_table(home):
    """273 files, 40 jurors, 3 reviews: fit and BLUPs; then everything that `calibrate` gives."""
    from terreau.methods.scoring.calibration import calibrate
    from terreau.methods.scoring.mixed_model import Design
    from terreau.methods.scoring.posterior import posterior
    from terreau.methods.scoring.reviews import gather

    file, juror, score, *_ = simulate(1)
    sizes = {"files": 273, "jurors": 40}

    def fitted(estimate):
        return posterior(Design.of(gather(file, juror, score, **sizes)), estimate, None)

    fitted("integrated")
    calibrate(file, juror, score, **sizes)
    ours = {f"terreau, {e}": timed(lambda e=e: fitted(e), 30) for e in ("ml", "reml", "integrated")}
    whole = {
        "terreau, all, no slope": timed(lambda: calibrate(file, juror, score, **sizes, gain=False), 10),
        "terreau, all, slopes": timed(lambda: calibrate(file, juror, score, **sizes, gain=True), 10),
    }
    theirs = peers(home, file, juror, score, 10)
    print("\n273 files x 40 jurors x 3 reviews       CPU ms   x gpboost   r with gpboost   r with statsmodels")
    reference = {k: np.array(v["quality"]) for k, v in theirs.items()}
    base = theirs["gpboost, ML"]["seconds"]
    lines = {k: (s, p.quality) for k, (s, p) in ours.items()} | {k: (s, c.mean) for k, (s, c) in whole.items()}
    lines |= {k: (v["seconds"], reference[k]) for k, v in theirs.items()}
    for name, (seconds, quality) in lines.items():
        r = [np.corrcoef(quality, other)[0, 1] for other in reference.values()]
        print(f"{name:36}{1000 * seconds:10.1f}{base / seconds:11.1f} x{r[0]:16.7f}{r[1]:21.7f}")


def large_table(home):
    from terreau.methods.scoring.calibration import calibrate

    random = np.random.default_rng(0)
    n, m = 100_000, 5000
    first, step = random.integers(0, m, n), random.integers(1, 1600, n)
    file = np.repeat(np.arange(n), 3)
    juror = ((first[:, None] + np.arange(3) * step[:, None]) % m).ravel()
    seen = (
        random.standard_normal(n)[file] + 0.7 * random.standard_normal(m)[juror] + 0.8 * random.standard_normal(3 * n)
    )
    score = np.clip(np.rint(5.5 + POINTS * seen), 1, 10)
    seconds, found = timed(lambda: calibrate(file, juror, score, files=n, jurors=m), 2)
    theirs = peers(home, file, juror, score, 1)["gpboost, ML"]
    r = np.corrcoef(found.mean, theirs["quality"])[0, 1]
    print(f"\n{n} files x {m} jurors x 3: terreau, all {seconds:.2f} CPU s, ", end="")
    print(f"gpboost, fit and BLUPs {theirs['seconds']:.2f} CPU s ({theirs['seconds'] / seconds:.1f} x), r {r:.7f}")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--home", type=Path, help="where the peers' environment is kept")
    options.add_argument("--calls", type=int, default=80)
    options.add_argument("--first-seed", type=int, default=0)
    options.add_argument("--without-peers", action="store_true")
    options.add_argument("--large", action="store_true", help="also 100 000 files")
    options.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.peer:
        peer(asked.peer)
        return
    if not asked.without_peers and not asked.home:
        options.error("--home says where the peers are installed; or --without-peers.")
    if asked.calls:
        quality_table(asked.calls, asked.first_seed)
    if not asked.without_peers:
        speed_table(asked.home.resolve())
        if asked.large:
            large_table(asked.home.resolve())


if __name__ == "__main__":
    main()
