# What metafor makes of the same numbers. Run by `make validate`; needs the R package metafor.
# Writes validation/expected.csv: data set, quantity, value.
suppressMessages(library(metafor))

here <- "validation"
rows <- list()
keep <- function(set, name, value) {
  rows[[length(rows) + 1]] <<- data.frame(set = set, quantity = name, value = sprintf("%.15g", value))
}
tight <- list(threshold = 1e-13, maxiter = 10000)

pairwise <- function(set, yi, vi, study) {
  fits <- list(
    fixed = rma(yi, vi, method = "FE"),
    dl = rma(yi, vi, method = "DL"),
    pm = rma(yi, vi, method = "PM", control = list(tol = 1e-13, maxiter = 10000)),
    reml = rma(yi, vi, method = "REML", control = tight),
    reml_hk = rma(yi, vi, method = "REML", test = "knha", control = tight),
    reml_adhoc = rma(yi, vi, method = "REML", test = "adhoc", control = tight)
  )
  for (name in names(fits)) {
    fit <- fits[[name]]
    for (what in c("tau2", "se")) keep(set, paste(name, what, sep = "."), fit[[what]])
    keep(set, paste0(name, ".mean"), fit$b[1])
    keep(set, paste0(name, ".low"), fit$ci.lb)
    keep(set, paste0(name, ".high"), fit$ci.ub)
    if (name != "fixed") {
      ahead <- predict(fit)
      keep(set, paste0(name, ".prediction_low"), ahead$pi.lb)
      keep(set, paste0(name, ".prediction_high"), ahead$pi.ub)
    }
  }
  keep(set, "q", fits$reml$QE)
  keep(set, "q_p", fits$reml$QEp)
  keep(set, "i2_percent", fits$reml$I2)
  keep(set, "h2", fits$reml$H2)
  if (length(yi) >= 3) {
    for (place in seq_along(yi)) {
      fit <- rma(yi[-place], vi[-place], method = "REML", test = "adhoc", control = tight)
      for (what in c("tau2", "se")) keep(set, paste("without", study[place], what, sep = "."), fit[[what]])
      keep(set, paste("without", study[place], "mean", sep = "."), fit$b[1])
      keep(set, paste("without", study[place], "low", sep = "."), fit$ci.lb)
      keep(set, paste("without", study[place], "high", sep = "."), fit$ci.ub)
    }
    # With metafor's own summary function, so that its table is met as well as our loop.
    left <- leave1out(fits$reml)
    for (place in seq_along(yi)) {
      keep(set, paste("leave1out", study[place], "mean", sep = "."), left$estimate[place])
    }
    asymmetry <- regtest(fits$reml, model = "lm", predictor = "sei")
    keep(set, "egger.t", asymmetry$zval)
    keep(set, "egger.p", asymmetry$pval)
    keep(set, "egger.slope", coef(summary(asymmetry$fit))[2, 1])
  }
}

network <- function(set, data) {
  data <- data[order(data$place), ]
  same <- outer(data$study, data$study, "==")
  V <- ifelse(same, data$control_variance, 0)
  diag(V) <- data$vi
  nodes <- setdiff(unique(c(data$control, data$treatment)), data$reference[1])
  X <- sapply(nodes, function(node) (data$treatment == node) - (data$control == node))
  if (is.null(dim(X))) X <- matrix(X, ncol = length(nodes), dimnames = list(NULL, nodes))
  data$contrast <- seq_len(nrow(data))
  fit <- rma.mv(yi, V, mods = ~ X - 1, random = ~ contrast | study, rho = 0.5, data = data, test = "t",
                control = list(optimizer = "Nelder-Mead", reltol = 1e-16, maxit = 5000))
  keep(set, "tau2", fit$tau2)
  keep(set, "q", fit$QE)
  keep(set, "df", fit$k - fit$p)
  for (place in seq_along(nodes)) {
    keep(set, paste("mean", nodes[place], sep = "."), fit$b[place])
    keep(set, paste("se", nodes[place], sep = "."), fit$se[place])
    keep(set, paste("low", nodes[place], sep = "."), fit$ci.lb[place])
    keep(set, paste("high", nodes[place], sep = "."), fit$ci.ub[place])
  }
}

bcg <- read.csv(file.path(here, "bcg.csv"))
effects <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg)
pairwise("bcg", effects$yi, effects$vi, bcg$trial)

ours <- read.csv(file.path(here, "rows.csv"))
for (set in unique(ours$group)) {
  one <- ours[ours$group == set, ]
  if (nrow(one) > 1) pairwise(set, one$yi, one$vi, one$study)
}

linked <- read.csv(file.path(here, "network.csv"))
for (set in unique(linked$network)) network(set, linked[linked$network == set, ])

write.csv(do.call(rbind, rows), file.path(here, "expected.csv"), row.names = FALSE, quote = FALSE)
