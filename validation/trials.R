# What R makes of the same simulated trials. Run by `make validate`; needs the R package nlme.
# Writes validation/trials_expected.csv: trial, quantity, value.
suppressMessages(library(nlme))

all <- read.csv("validation/trials.csv")
rows <- list()
keep <- function(trial, name, value) {
  rows[[length(rows) + 1]] <<-
    data.frame(trial = trial, quantity = name, value = sprintf("%.15g", value))
}
tight <- glsControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-10, msTol = 1e-12,
                    returnObject = TRUE)

for (number in unique(all$trial)) {
  data <- all[all$trial == number, ]
  last <- data[data$visit == max(data$visit), ]
  one <- summary(lm(change ~ treated + start + woman, last))$coefficients
  keep(number, "ancova.effect", one["treated", "Estimate"])
  keep(number, "ancova.se", one["treated", "Std. Error"])
  change <- t.test(change ~ treated, last, var.equal = TRUE)
  keep(number, "change.effect", unname(change$estimate[2] - change$estimate[1]))
  keep(number, "change.p", change$p.value)
  data$time <- factor(data$visit)
  for (method in c("ML", "REML")) {
    fit <- gls(change ~ 0 + time + time:treated + time:start + time:woman, data,
               correlation = corSymm(form = ~ visit | person),
               weights = varIdent(form = ~ 1 | time), method = method, control = tight)
    name <- paste0("time", max(data$visit), ":treated")
    keep(number, paste0(method, ".effect"), coef(fit)[[name]])
    keep(number, paste0(method, ".se"), sqrt(vcov(fit)[name, name]))
  }
}
write.csv(do.call(rbind, rows), "validation/trials_expected.csv", row.names = FALSE, quote = FALSE)
