.PHONY: ci
ci:  ## everything that must hold, as continuous integration runs it
	bash .ci/run
