# Compares `sightline stat` with R on random files: Rscript tests/peer/stat_peers.R PATH/TO/sightline [RUNS]
#
# Needs R with survival, cmprsk and sandwich (Debian: r-base-core r-cran-survival r-cran-cmprsk r-cran-sandwich). Not part of the
# tests: its figures are quoted in them. Prints, for each method, the number of figures compared and the largest difference.

suppressMessages({library(survival); library(cmprsk); library(sandwich)})
arguments <- commandArgs(TRUE)
binary <- arguments[1]
runs <- if (length(arguments) > 1) as.integer(arguments[2]) else 20
folder <- tempfile(); dir.create(folder)
worst <- list(); count <- list()

ours <- function(method, data, ...) {
  file <- file.path(folder, "in.csv")
  write.csv(data, file, row.names = FALSE, quote = FALSE, na = "")
  out <- system2(binary, c("stat", method, file, ...), stdout = TRUE, stderr = FALSE)
  read.csv(text = out, check.names = FALSE)
}

# Both defined and near, or both not defined.
same <- function(name, left, right) {
  left <- as.numeric(left); right <- as.numeric(right)
  right[!is.finite(right)] <- NA
  if (length(left) != length(right)) { worst[[name]] <<- Inf; cat("length:", name, length(left), length(right), "\n"); return() }
  differs <- is.na(left) != is.na(right)
  if (any(differs)) { worst[[name]] <<- Inf; cat("defined:", name, "\n"); print(data.frame(left, right)[differs, ]) }
  both <- !is.na(left) & !is.na(right)
  worst[[name]] <<- max(worst[[name]], 0, abs(left - right)[both] / pmax(1, abs(right[both])))
  count[[name]] <<- sum(count[[name]], length(left))
}

followed <- function(n, entry, times = 0:30) {
  d <- data.frame(time = sample(times, n, TRUE), event = rbinom(n, 1, 0.6), stratum = sample(c("a", "b", "c"), n, TRUE), id = sample(n / 2, n, TRUE))
  d$entry <- if (entry) pmin(d$time - 1, sample(-1:10, n, TRUE)) else -1
  d
}
# R takes no negative entry apart from as a time; before 0 is before all times.
surv <- function(d) Surv(d$entry, d$time, d$event)

survival_ <- function(entry) {
  d <- followed(sample(8:60, 1), entry)
  name <- if (entry) "survival, late entry" else "survival"
  fit <- survfit(surv(d) ~ 1, conf.type = "log-log")
  steps <- ours("survival", d[c("time", "event", "entry")])
  at <- fit$n.event + fit$n.censor > 0
  same(paste(name, "steps"), steps$survival, fit$surv[at])
  same(paste(name, "at risk"), steps$at_risk, fit$n.risk[at])
  se <- (fit$std.err * fit$surv)[at]; se[fit$surv[at] == 0] <- NA
  same(paste(name, "se"), steps$se, se)
  edge <- fit$surv[at] == 1 | fit$surv[at] == 0
  same(paste(name, "lower"), steps$lower, ifelse(edge, NA, fit$lower[at]))
  same(paste(name, "upper"), steps$upper, ifelse(edge, NA, fit$upper[at]))
  q <- quantile(fit, c(0.25, 0.5, 0.75))
  mine <- ours("survival", d[c("time", "event", "entry")], "--quantiles")
  same(paste(name, "quantiles"), mine$time, q$quantile)
  # With late entry the limits can rise again; R then takes a later crossing, ours is the first.
  falls <- function(limit) all(diff(limit[!is.na(limit)]) <= 0)
  if (falls(fit$lower)) same(paste(name, "quantile lower"), mine$lower, q$lower)
  if (falls(fit$upper)) same(paste(name, "quantile upper"), mine$upper, q$upper)
  tau <- max(d$time)
  table <- summary(fit, rmean = tau)$table
  rmst <- ours("survival", d[c("time", "event", "entry")], "--rmst", tau)
  same(paste(name, "rmst"), c(rmst$rmst, rmst$se), table[c("rmean", "se(rmean)")])
  clustered <- survfit(surv(d) ~ 1, cluster = d$id, conf.type = "log-log")
  mine <- ours("survival", d[c("time", "event", "entry", "id")])
  se <- (if (clustered$logse) clustered$std.err * clustered$surv else clustered$std.err)[at]
  se[clustered$surv[at] == 0] <- NA
  same(paste(name, "clustered se"), mine$se, se)
}

logrank <- function() {
  d <- followed(sample(12:60, 1), FALSE)
  test <- survdiff(Surv(time, event) ~ stratum, d)
  mine <- ours("logrank", d[c("time", "event", "stratum")])
  same("logrank", c(mine$statistic, mine$p), c(test$chisq, pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE)))
  d$z <- as.integer(d$stratum == "a"); d$stratum <- d$z
  fit <- coxph(surv(d) ~ z + cluster(id), d, init = 0, iter.max = 0, ties = "breslow")
  score <- rowsum(residuals(fit, "score"), d$id)
  mine <- ours("logrank", d[c("time", "event", "stratum", "entry", "id")])
  same("logrank clustered", mine$statistic, sum(score)^2 / sum(score^2))
  late <- followed(40, TRUE); late$z <- as.integer(late$stratum == "a"); late$stratum <- late$z
  # With distinct event times the score test of coxph is the log-rank test.
  late$time <- late$time + sample(40) / 100
  fit <- coxph(surv(late) ~ z, late)
  mine <- ours("logrank", late[c("time", "event", "stratum", "entry")])
  same("logrank late entry", mine$statistic, fit$score)
}

incidence <- function(entry) {
  n <- sample(8:60, 1)
  d <- followed(n, entry)
  d$cause <- d$event * sample(1:2, n, TRUE)
  if (length(unique(d$cause)) < 3) return()
  name <- if (entry) "incidence, late entry" else "incidence"
  fit <- survfit(Surv(entry, time, factor(cause, 0:2)) ~ 1, d, id = seq_len(n))
  mine <- ours("incidence", d[c("time", "cause", "entry")])
  at <- fit$n.event[, 2] + fit$n.event[, 3] > 0
  for (cause in 1:2) {
    same(name, mine$incidence[mine$cause == cause], fit$pstate[at, cause + 1])
    same(paste(name, "se"), mine$se[mine$cause == cause], fit$std.err[at, cause + 1])
  }
  if (!entry) {
    gray <- timepoints(cuminc(d$time, d$cause), sort(unique(d$time[d$cause > 0])))
    # cmprsk leaves the estimate empty after a cause's last time.
    for (cause in 1:2) {
      est <- gray$est[paste(1, cause), ]; known <- !is.na(est)
      same(paste(name, "cmprsk"), mine$incidence[mine$cause == cause][known], est[known])
    }
  }
}

recurrent <- function() {
  rows <- list()
  for (id in 1:sample(4:20, 1)) {
    at <- 0
    for (k in 1:sample(4, 1)) {
      stop <- at + sample(8, 1)
      rows[[length(rows) + 1]] <- data.frame(id, start = at, stop, event = rbinom(1, 1, 0.6))
      at <- stop + sample(0:2, 1)
    }
  }
  d <- do.call(rbind, rows)
  mine <- ours("recurrent", d)
  if (!any(d$event == 1)) return()
  fit <- survfit(Surv(start, stop, event) ~ 1, d, id = id, robust = TRUE)
  at <- fit$n.event > 0
  same("recurrent mcf", mine$mcf, fit$cumhaz[at])
  same("recurrent se", mine$se, fit$std.chaz[at])
  same("recurrent at risk", mine$at_risk, fit$n.risk[at])
}

intervals <- function() {
  x <- sample(0:40, 20, TRUE); n <- x + sample(1:50, 20, TRUE)
  x <- c(x, 0, 5); n <- c(n, 5, 5)
  level <- sample(c(0.9, 0.95, 0.998), 1)
  mine <- ours("wilson", data.frame(x, n), "--confidence", level)
  for (i in seq_along(x)) {
    test <- suppressWarnings(prop.test(x[i], n[i], conf.level = level, correct = FALSE))
    same("wilson", unlist(mine[i, c("lower", "upper")]), test$conf.int)
  }
  mine <- ours("poisson", data.frame(x, n), "--confidence", level, "--multiplier", 100)
  for (i in which(x < 10)) same("poisson exact", unlist(mine[i, c("lower", "upper")]), 100 * poisson.test(x[i], n[i], conf.level = level)$conf.int)
  z <- qnorm(0.5 + level / 2); big <- x >= 10
  byar <- function(o, s) o * (1 - 1 / (9 * o) + s * z / (3 * sqrt(o)))^3
  same("poisson Byar", mine$lower[big], 100 * byar(x[big], -1) / n[big])
  same("poisson Byar", mine$upper[big], 100 * byar(x[big] + 1, 1) / n[big])
}

dsr <- function() {
  d <- data.frame(stratum = 1:5, children_with_1 = sample(1:20, 5, TRUE), children_with_2 = sample(0:5, 5, TRUE), children_with_4 = sample(0:2, 5, TRUE))
  d$events <- d$children_with_1 + 2 * d$children_with_2 + 4 * d$children_with_4
  d$population <- sample(500:900, 5); d$standard_population <- sample(1000:5000, 5)
  o <- sum(d$events); w <- d$standard_population
  for (dependent in c(TRUE, FALSE)) {
    v <- if (dependent) d$children_with_1 + 4 * d$children_with_2 + 16 * d$children_with_4 else d$events
    value <- sum(w * d$events / d$population) / sum(w)
    variance <- sum((w / d$population)^2 * v) / sum(w)^2
    byar <- c(o * (1 - 1 / (9 * o) - qnorm(0.975) / (3 * sqrt(o)))^3, (o + 1) * (1 - 1 / (9 * (o + 1)) + qnorm(0.975) / (3 * sqrt(o + 1)))^3)
    expected <- 1e5 * c(value, value + sqrt(variance / o) * (byar - o))
    mine <- ours("dsr", if (dependent) d else d[c("stratum", "events", "population", "standard_population")], "--multiplier", "100000")
    same("dsr", unlist(mine), expected)
  }
}

segmented <- function() {
  n <- sample(20:48, 1); from <- sample(8:(n - 8), 1)
  d <- data.frame(t = 0:(n - 1)); d$post <- as.integer(d$t >= from); d$since <- d$post * (d$t - from)
  d$y <- rpois(n, exp(2.5 + 0.01 * d$t - 0.3 * d$post)); lag <- sample(0:4, 1)
  check <- function(name, fit, mine) {
    v <- NeweyWest(fit, lag = lag, prewhite = FALSE); se <- sqrt(diag(v))
    same(paste(name, "estimate"), mine$estimate, coef(fit))
    same(paste(name, "se"), mine$se, se)
    same(paste(name, "lower"), mine$lower, coef(fit) - qt(0.975, fit$df.residual) * se)
    same(paste(name, "p"), mine$p, 2 * pt(-abs(coef(fit) / se), fit$df.residual))
  }
  check("segmented", lm(y ~ t + post + since, d), ours("segmented", d[c("t", "y", "post")], "--lag", lag))
  if (n >= 24) {
    fit <- lm(y ~ t + post + since + sin(2 * pi * t / 12) + cos(2 * pi * t / 12), d)
    check("segmented harmonics", fit, ours("segmented", d[c("t", "y", "post")], "--lag", lag, "--harmonics", 1))
  }
  d$exposure <- sample(100:120, n, TRUE)
  fit <- glm(y ~ t + post + since + offset(log(exposure)), quasipoisson, d, control = list(epsilon = 1e-14, maxit = 100))
  check("segmented counts", fit, ours("segmented", d[c("t", "y", "post", "exposure")], "--lag", lag))
  at <- n + 3; contrast <- c(0, 0, 1, at - from); v <- NeweyWest(fit, lag = lag, prewhite = FALSE)
  effect <- tail(ours("segmented", d[c("t", "y", "post", "exposure")], "--lag", lag, "--effect-at", at), 1)
  same("segmented effect", c(effect$estimate, effect$se), c(sum(contrast * coef(fit)), sqrt(contrast %*% v %*% contrast)))
}

charts <- function() {
  months <- seq(as.Date("2022-01-01"), by = "month", length.out = sample(8:36, 1)); n <- length(months)
  d <- data.frame(date = months, n = sample(50:150, n, TRUE)); d$x <- rbinom(n, d$n, plogis(rnorm(n, -1.5, 0.5)))
  base <- if (runif(1) < 0.5) n else 6
  mr <- function(z, screen) { r <- abs(diff(z)); if (screen) r <- r[r < 3.267 * mean(r)]; mean(r) / 1.128 }
  for (rate in c(FALSE, TRUE)) for (prime in c(FALSE, TRUE)) for (screen in c(TRUE, FALSE)) {
    centre <- sum(d$x[1:base]) / sum(d$n[1:base])
    sd <- sqrt(centre * (if (rate) 1 else 1 - centre) / d$n)
    sigma <- if (prime) mr(((d$x / d$n - centre) / sd)[1:base], screen) else 1
    method <- paste0(if (rate) "u" else "p", if (prime) "-prime")
    mine <- ours(method, d, "--baseline", base, "--sigma-floor", "off", if (!screen) "--no-screening")
    same(method, c(mine$lower, mine$upper, mine$sigma_z), c(pmax(0, centre - 3 * sigma * sd), pmin(if (rate) Inf else 1, centre + 3 * sigma * sd), rep(sigma, n)))
  }
  mine <- ours("c", d["date"] |> transform(x = d$x)); m <- mean(d$x)
  same("c", c(mine$centre, mine$lower, mine$upper), rep(c(m, max(0, m - 3 * sqrt(m)), m + 3 * sqrt(m)), each = n))
  gaps <- rgeom(n, 0.05); q <- 1 / (1 + mean(gaps))
  mine <- ours("g", data.frame(date = months, y = gaps))
  same("g", c(mine$centre, mine$lower, mine$upper), rep(qgeom(c(0.5, 0.00135, 0.99865), q), each = n))
  mine <- ours("g", data.frame(date = months, y = gaps), "--limits", "three-sigma"); m <- mean(gaps)
  same("g three-sigma", c(mine$lower, mine$upper), rep(c(max(0, m - 3 * sqrt(m * (m + 1))), m + 3 * sqrt(m * (m + 1))), each = n))
  y <- (gaps + 0.5)^(1 / 3.6); r <- abs(diff(y)); half <- 2.66 * mean(r[r < 3.267 * mean(r)])
  mine <- ours("t", data.frame(date = months, y = gaps + 0.5))
  same("t", c(mine$centre, mine$lower, mine$upper), rep(c(mean(y), max(0, mean(y) - half), mean(y) + half)^3.6, each = n))
}

funnel <- function() {
  k <- sample(c(5, 10, 14, 25), 1); n <- sample(30:300, k, TRUE); x <- rbinom(k, n, plogis(rnorm(k, -1, 0.4)))
  mine <- ours("funnel", data.frame(unit = 1:k, x, n)); centre <- sum(x) / sum(n); se <- sqrt(centre * (1 - centre) / n)
  z <- (x / n - centre) / se
  same("funnel z", mine$z, z)
  same("funnel limits", c(mine$lower95, mine$upper998), c(pmax(0, centre - qnorm(0.975) * se), pmin(1, centre + qnorm(0.999) * se)))
  tau <- function(z, se) {
    cut <- floor(k * 0.1); s <- sort(z); phi <- mean(pmin(pmax(z, s[cut + 1]), s[k - cut])^2); w <- 1 / se^2
    max(0, (k * phi - (k - 1)) / (sum(w) - sum(w^2) / sum(w)))
  }
  wide <- if (k < 10) rep(NA, k) else pmin(1, centre + qnorm(0.975) * sqrt(se^2 + tau(z, se)))
  same("funnel od", mine$od_upper95, wide)
  expected <- runif(k, 0.3, 40); observed <- rpois(k, expected * exp(rnorm(k, 0, 0.3)))
  mine <- ours("funnel", data.frame(unit = 1:k, observed, expected))
  limit <- function(p) { r <- qpois(p, expected); pmax(0, r - (ppois(r, expected) - p) / dpois(r, expected)) / expected }
  same("funnel ratio", c(mine$lower95, mine$upper95, mine$lower998, mine$upper998), c(limit(0.025), limit(0.975), limit(0.001), limit(0.999)))
}

delay <- function() {
  n <- 60; d <- data.frame(event_on = as.Date("2026-01-01") + sample(0:60, n, TRUE)); d$recorded_on <- d$event_on + rgeom(n, 0.1)
  as_at <- as.Date("2026-03-05"); longest <- 20
  mine <- ours("delay", d, "--as-at", as.character(as_at), "--max-delay", longest)
  lag <- as.integer(d$recorded_on - d$event_on); window <- as.integer(as_at - d$event_on)
  seen <- lag <= window & lag <= longest; lag <- lag[seen]; window <- pmin(window[seen], longest)
  # Reverse time: a delay of d is longest + 1 - d; entry just before the window's.
  fit <- survfit(Surv(longest - window, longest + 1 - lag, rep(1, length(lag))) ~ 1)
  same("delay", mine$reported_share, rev(summary(fit, times = 0:longest, extend = TRUE)$surv))
}

set.seed(20261125)
for (run in seq_len(runs)) {
  survival_(FALSE); survival_(TRUE); logrank(); incidence(FALSE); incidence(TRUE); recurrent()
  intervals(); dsr(); segmented(); charts(); funnel(); delay()
}
for (name in names(worst)) cat(sprintf("%-32s %6d figures, largest difference %.1e\n", name, count[[name]], worst[[name]]))
if (any(unlist(worst) > 1e-6)) quit(status = 1)
