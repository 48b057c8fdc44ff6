fcops_facts() {
  :
}
