# Configuration examples for engines and completions for shells.
EXAMPLES = \
	README.md \
	containerd/1.x-config.toml \
	containerd/2.x-tamis.toml \
	crio/50-tamis.conf \
	docker/daemon.json \
	kubernetes/pod-explained.yaml \
	kubernetes/pod-localhost.yaml \
	kubernetes/pod-runtimedefault.yaml \
	kubernetes/profile-small.json \
	kubernetes/runtimeclass.yaml \
	podman/50-tamis.conf \
	podman/60-tamis-baseline.json \
	podman/70-tamis-explain.json \
	podman/80-tamis-record.json \
	systemd/tamis-agent.service \
	systemd/tamis-agent.socket
EXTRA_DIST += $(EXAMPLES:%=dist/%)
# The examples contain the paths of the Debian package; install replaces them by its own.
examplesdir = $(docdir)/examples

# The program prints its completions. When cross-compiling it cannot run, so none are installed.
bashcompdir = $(datadir)/bash-completion/completions
zshcompdir = $(datadir)/zsh/site-functions
fishcompdir = $(datadir)/fish/vendor_completions.d

.PHONY: install-examples install-completions
install-examples:
	@for f in $(EXAMPLES); do \
	  case $$f in */*) d=/$${f%/*} ;; *) d= ;; esac; \
	  $(MKDIR_P) "$(DESTDIR)$(examplesdir)$$d" && \
	  sed -e 's#/usr/bin/tamis#$(bindir)/tamis#g' \
	    -e 's#/usr/libexec/tamis/#$(pkglibexecdir)/#g' \
	    -e 's#/usr/libexec/tamis/#$(pkglibexecdir)/#g' \
	    -e 's#/usr/share/doc/tamis/examples#$(examplesdir)#g' "$(srcdir)/dist/$$f" >examples.tmp && \
	  $(INSTALL_DATA) examples.tmp "$(DESTDIR)$(examplesdir)/$$f" || exit 1; \
	done; rm -f examples.tmp
install-completions: tamis$(EXEEXT)
if !CROSS
	@$(MKDIR_P) "$(DESTDIR)$(bashcompdir)" "$(DESTDIR)$(zshcompdir)" "$(DESTDIR)$(fishcompdir)"
	./tamis$(EXEEXT) completion bash >"$(DESTDIR)$(bashcompdir)/tamis"
	./tamis$(EXEEXT) completion zsh >"$(DESTDIR)$(zshcompdir)/_tamis"
	./tamis$(EXEEXT) completion fish >"$(DESTDIR)$(fishcompdir)/tamis.fish"
endif
install-data-local: install-examples install-completions
uninstall-local:
	rm -f "$(DESTDIR)$(bashcompdir)/tamis" "$(DESTDIR)$(zshcompdir)/_tamis" \
	  "$(DESTDIR)$(fishcompdir)/tamis.fish"
	rm -rf "$(DESTDIR)$(examplesdir)"

# Debian's tools expect debian/ in the top directory; script/package copies it there.
EXTRA_DIST += dist/debian/changelog dist/debian/control dist/debian/copyright dist/debian/rules \
	dist/debian/source/format dist/debian/tamis-seccomp.install \
	dist/debian/tamis-seccomp.lintian-overrides dist/debian/tamis-systemd.install \
	dist/debian/tamis-systemd.lintian-overrides dist/debian/tamis.docs dist/debian/tamis.install \
	dist/debian/tamis.lintian-overrides \
	script/package test/suite/95-package-all
